import { availableParallelism } from 'node:os';
import { Exploration, type ExplorationOptions } from '../landscape/exploration.ts';
import { Following } from '../landscape/following.ts';
import { measureGradientNoise } from '../landscape/gradientNoise.ts';
import { GridWorkers } from '../landscape/gridWorkers.ts';
import { race, surfaceGrid } from '../landscape/race.ts';
import type {
  ExploreEvent,
  ExploreRequest,
  FollowRequest,
  GridRequest,
  LabCalls,
  NoiseMeasurement,
  NoiseRequest,
  RaceRequest,
  RaceTrack,
  SurfaceGrid,
} from '../protocol/lab.ts';
import type { WeightSample } from '../protocol/weightSample.ts';

/** Threads beside the one that trains; more than eight do not pay for what they cost to start. */
const threads = Math.max(1, Math.min(8, availableParallelism()));

/** Answers the calls of the optimizer lab. One exploration or following runs at a time; a new one cancels it. */
export class LabService implements LabCalls {
  readonly #emit: (event: ExploreEvent) => void;
  readonly #entry: URL;
  #running: Exploration | Following | undefined;
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
    this.#run(await Exploration.create({ request, ...this.#output }));
  };

  follow = async (request: FollowRequest): Promise<void> => {
    await this.cancelExploration();
    this.#run(await Following.create({ request, ...this.#output }));
  };

  addWeights = async (training: number, sample: WeightSample): Promise<void> => {
    if (this.#running instanceof Following) this.#running.add(training, sample);
    // The picture may be drawn before the next sample comes.
    await new Promise(resolve => setImmediate(resolve));
  };

  finishFollowing = async (): Promise<void> => {
    if (this.#running instanceof Following) this.#running.finish();
    await this.#ended;
  };

  cancelExploration = async (): Promise<void> => {
    this.#running?.cancel();
    await this.#ended;
  };

  get #output(): Pick<ExplorationOptions, 'emit' | 'computer'> {
    return { emit: this.#emit, computer: problem => new GridWorkers(this.#entry, threads, problem) };
  }

  #run(started: Exploration | Following): void {
    this.#running = started;
    this.#ended = started.run().finally(() => {
      if (this.#running === started) this.#running = undefined;
    });
  }

  gradientNoise = (request: NoiseRequest): Promise<NoiseMeasurement> => measureGradientNoise(request);
}
