import { loadData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { Domain } from '../model/surfaceTable.ts';
import type { ExploreEvent, ExploreRequest, SurfaceGrid } from '../protocol/lab.ts';
import { assertFits } from '../training/fits.ts';
import { requireModel } from '../training/readModelFile.ts';
import { ComparedPaths } from './comparedPaths.ts';
import type { PlaneLosses } from './gridWorkers.ts';
import type { LossProblem, WeightPlane } from './lossAtWeights.ts';
import { domainOf, offPlaneShare, pathPlane, project } from './pathPlane.ts';
import { between, fillHoles } from './race.ts';
import { randomPlane } from './randomPlane.ts';

/** Computes losses, in this thread or in others. */
export interface PlaneComputer {
  readonly losses: PlaneLosses;
  /** How many tasks it works on at once. */
  readonly count: number;
  dispose(): Promise<void>;
}

export interface ExplorationOptions {
  readonly request: ExploreRequest;
  readonly emit: (event: ExploreEvent) => void;
  readonly computer: (problem: LossProblem) => PlaneComputer;
}

/** Longest stretch of training between two looks at the messages, in milliseconds. */
const sliceMilliseconds = 10;
/** Shortest time between two pictures of paths that still grow. */
const pictureMilliseconds = 400;
const coarsePoints = 13;

/**
 * The loss surface of a network and the ways of optimizers over it: trains, and while it trains shows
 * the paths and a coarse surface; at the end the surface is refined. Whatever fails becomes the `end`.
 */
export class Exploration {
  readonly #options: ExplorationOptions;
  readonly #compared: ComparedPaths;
  readonly #computer: PlaneComputer;
  readonly #seed: number;
  #plane: WeightPlane | undefined;
  #cancelled = false;
  #drawing: Promise<void> | undefined;

  private constructor(options: ExplorationOptions, compared: ComparedPaths, seed: number) {
    this.#options = options;
    this.#compared = compared;
    this.#seed = seed;
    this.#computer = options.computer(compared.problem);
  }

  /** Reads model and data. Throws EngineError as a training does. */
  static async create(options: ExplorationOptions): Promise<Exploration> {
    const { source, optimizers, epochs } = options.request;
    const read = requireModel(source.text, source.path);
    const data = await loadData(read);
    assertFits(read, data);
    return new Exploration(options, new ComparedPaths(read, data, optimizers, epochs), read.model.seed);
  }

  cancel(): void {
    this.#cancelled = true;
  }

  async run(): Promise<void> {
    const { emit } = this.#options;
    try {
      await this.#train();
      await this.#drawing;
      const { resolution } = this.#options.request;
      const domain = this.#showPaths();
      await this.#drawGrid(domain, Math.min(coarsePoints, resolution), resolution > coarsePoints);
      if (resolution > coarsePoints) await this.#drawGrid(domain, resolution, false);
      emit({ kind: 'end', reason: this.#cancelled ? 'cancelled' : 'completed' });
    } catch (thrown) {
      emit({ kind: 'end', reason: 'failed', message: EngineError.from(thrown).line });
    } finally {
      await this.#computer.dispose();
    }
  }

  async #train(): Promise<void> {
    let sliceEnd = performance.now() + sliceMilliseconds;
    let pictureDue = performance.now() + pictureMilliseconds;
    while (!this.#compared.isDone && !this.#cancelled) {
      this.#compared.advance();
      if (performance.now() < sliceEnd) continue;
      if (performance.now() > pictureDue && !this.#drawing) {
        const began = performance.now();
        this.#drawing = this.#drawGrid(this.#showPaths(), coarsePoints, true).finally(
          () => (this.#drawing = undefined),
        );
        // Looking may take a fifth of the time at most.
        pictureDue = performance.now() + Math.max(pictureMilliseconds, 4 * (performance.now() - began));
      }
      await new Promise(resolve => setImmediate(resolve));
      sliceEnd = performance.now() + sliceMilliseconds;
    }
  }

  /** Finds the plane of the paths as they are, and tells of it. Answers with the part of it to draw. */
  #showPaths(): Domain {
    const { paths, step, stepsPerEpoch, totalSteps, loss } = this.#compared;
    const all = paths.flatMap(({ weights }) => weights);
    const random = this.#options.request.directions === 'random';
    this.#plane = random
      ? randomPlane(loss.parameters, paths[0]?.weights.at(-1) ?? new Float64Array(), this.#seed)
      : pathPlane(all, this.#plane);
    const plane = this.#plane;
    const positions = paths.map(({ weights }) => project(plane, weights));
    const domain: Domain = random ? { x: [-1, 1], y: [-1, 1] } : domainOf(positions);
    this.#options.emit({
      kind: 'paths',
      epoch: step / stepsPerEpoch,
      epochs: totalSteps / stepsPerEpoch,
      domain,
      offPlaneShare: offPlaneShare(plane, all, joined(positions)),
      tracks: paths.map(({ epochs, losses, diverged }, i) => ({
        epochs: Float64Array.from(epochs),
        losses: Float64Array.from(losses),
        positions: positions[i] ?? new Float64Array(),
        diverged,
      })),
    });
    return domain;
  }

  async #drawGrid(domain: Domain, points: number, coarse: boolean): Promise<void> {
    const plane = this.#plane;
    if (!plane) return;
    const heights = new Float64Array(points * points);
    let next = 0;
    const work = async () => {
      while (next < points && !this.#cancelled) {
        const row = next++;
        heights.set(await this.#computer.losses(plane, rowOf(domain, row, points)), row * points);
      }
    };
    await Promise.all(Array.from({ length: this.#computer.count }, work));
    if (this.#cancelled || !fillHoles(heights)) return;
    const grid: SurfaceGrid = { domain, columns: points, rows: points, heights };
    this.#options.emit({ kind: 'grid', grid, coarse, rows: this.#compared.rows });
  }
}

const rowOf = ({ x, y }: Domain, row: number, points: number): Float64Array =>
  Float64Array.from({ length: 2 * points }, (_, i) =>
    i % 2 === 0 ? between(x, i / 2 / (points - 1)) : between(y, row / (points - 1)),
  );

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
