import type { Domain } from '../model/surfaceTable.ts';
import type { DirectionKind, ExploreEvent, SurfaceGrid } from '../protocol/lab.ts';
import type { PlaneLosses } from './gridWorkers.ts';
import type { LossProblem, WeightPlane } from './lossAtWeights.ts';
import { domainOf, offPlaneShare, pathPlane, project, spanned } from './pathPlane.ts';
import { between, fillHoles } from './race.ts';
import { randomPlane } from './randomPlane.ts';
import type { Ways } from './ways.ts';

/** Computes losses, in this thread or in others. */
export interface PlaneComputer {
  readonly losses: PlaneLosses;
  /** How many tasks it works on at once. */
  readonly count: number;
  dispose(): Promise<void>;
}

export interface PictureOptions {
  readonly directions: DirectionKind;
  /** Points of the finest grid, each way. */
  readonly resolution: number;
  /** Of random directions. */
  readonly seed: number;
  readonly emit: (event: ExploreEvent) => void;
  readonly computer: (problem: LossProblem) => PlaneComputer;
}

const coarsePoints = 13;

/** Tells of ways in a plane, and of the loss over that plane: coarse while the ways grow, fine at their end. */
export class PlanePicture {
  readonly #ways: Ways;
  readonly #options: PictureOptions;
  readonly #computer: PlaneComputer;
  #plane: WeightPlane | undefined;
  #cancelled = false;

  constructor(ways: Ways, options: PictureOptions) {
    this.#ways = ways;
    this.#options = options;
    this.#computer = options.computer(ways.problem);
  }

  get isCancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    this.#cancelled = true;
  }

  dispose(): Promise<void> {
    return this.#computer.dispose();
  }

  /** The ways as they are now, and a coarse surface under them. */
  async drawCoarse(): Promise<void> {
    const domain = this.#showPaths();
    if (domain) await this.#drawGrid(domain, coarsePoints, true);
  }

  /** The ways as they are now, and the surface coarse and then fine. */
  async drawFine(): Promise<void> {
    const { resolution } = this.#options;
    const domain = this.#showPaths();
    if (!domain) return;
    await this.#drawGrid(domain, Math.min(coarsePoints, resolution), resolution > coarsePoints);
    if (resolution > coarsePoints) await this.#drawGrid(domain, resolution, false);
  }

  /** Finds the plane of the paths as they are, and tells of it. Answers with the part of it to draw. */
  #showPaths(): Domain | undefined {
    const { paths, loss, center, epoch, epochs, note } = this.#ways;
    if (!center) return undefined;
    const { directions, seed, emit } = this.#options;
    const all = paths.flatMap(({ points }) => points.map(({ weights }) => weights));
    const random = () => randomPlane(loss.parameters, center.weights, seed);
    const plane = directions === 'random' ? random() : spanned(pathPlane(all, this.#plane), random);
    this.#plane = plane;
    const positions = paths.map(({ points }) =>
      project(
        plane,
        points.map(({ weights }) => weights),
      ),
    );
    const domain: Domain = directions === 'random' ? { x: [-1, 1], y: [-1, 1] } : domainOf(positions);
    emit({
      kind: 'paths',
      epoch,
      epochs,
      domain,
      note,
      offPlaneShare: offPlaneShare(plane, all, joined(positions)),
      tracks: paths.map(({ owner, epochs: at, losses, diverged }, i) => ({
        ...owner,
        epochs: Float64Array.from(at),
        losses: Float64Array.from(losses),
        positions: positions[i] ?? new Float64Array(),
        diverged,
      })),
    });
    return domain;
  }

  async #drawGrid(domain: Domain, points: number, coarse: boolean): Promise<void> {
    const plane = this.#plane;
    const { center, problem } = this.#ways;
    if (!plane || !center) return;
    const heights = new Float64Array(points * points);
    let next = 0;
    const work = async () => {
      while (next < points && !this.#cancelled) {
        const row = next++;
        const at = rowOf(domain, row, points);
        heights.set(await this.#computer.losses(plane, at, center.statistics), row * points);
      }
    };
    await Promise.all(Array.from({ length: this.#computer.count }, work));
    if (this.#cancelled || !fillHoles(heights)) return;
    const grid: SurfaceGrid = { domain, columns: points, rows: points, heights };
    this.#options.emit({ kind: 'grid', grid, coarse, rows: problem.features.rows });
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
