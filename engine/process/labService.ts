import { availableParallelism } from 'node:os';
import { Exploration } from '../landscape/exploration.ts';
import { measureGradientNoise } from '../landscape/gradientNoise.ts';
import { GridWorkers } from '../landscape/gridWorkers.ts';
import { race, surfaceGrid } from '../landscape/race.ts';
import type {
  ExploreEvent,
  ExploreRequest,
  GridRequest,
  LabCalls,
  NoiseMeasurement,
  NoiseRequest,
  RaceRequest,
  RaceTrack,
  SurfaceGrid,
} from '../protocol/lab.ts';

/** Threads beside the one that trains; more than eight do not pay for what they cost to start. */
const threads = Math.max(1, Math.min(8, availableParallelism()));

/** Answers the calls of the optimizer lab. One exploration runs at a time; a new one cancels it. */
export class LabService implements LabCalls {
  readonly #emit: (event: ExploreEvent) => void;
  readonly #entry: URL;
  #exploration: Exploration | undefined;
  #ended: Promise<void> = Promise.resolve();

  /** `entry` is the file that serves a grid when it is started as a thread. */
  constructor(entry: URL, emit: (event: ExploreEvent) => void) {
    this.#entry = entry;
    this.#emit = emit;
  }

  race = (request: RaceRequest): Promise<readonly RaceTrack[]> => Promise.resolve().then(() => race(request));

  surfaceGrid = (request: GridRequest): Promise<SurfaceGrid> => Promise.resolve().then(() => surfaceGrid(request));

  explore = async (request: ExploreRequest): Promise<void> => {
    await this.cancelExploration();
    const exploration = await Exploration.create({
      request,
      emit: this.#emit,
      computer: problem => new GridWorkers(this.#entry, threads, problem),
    });
    this.#exploration = exploration;
    this.#ended = exploration.run().finally(() => {
      if (this.#exploration === exploration) this.#exploration = undefined;
    });
  };

  cancelExploration = async (): Promise<void> => {
    this.#exploration?.cancel();
    await this.#ended;
  };

  gradientNoise = (request: NoiseRequest): Promise<NoiseMeasurement> => measureGradientNoise(request);
}
