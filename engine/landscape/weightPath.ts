import type { OptimizerSettings } from '../model/schema.ts';
import type { NetworkPoint } from './lossAtWeights.ts';

/** Points of one path, and numbers of all paths together, at most. */
const mostPoints = 100;
const mostNumbers = 8e6;

/** How many points each of several paths may keep, through so many weights. */
export const pointsOfEach = (paths: number, weights: number): number =>
  Math.min(mostPoints, Math.floor(mostNumbers / Math.max(1, weights * paths)));

/** What a path belongs to. */
export interface PathOwner {
  /** Its name; empty for an optimizer that is called by its type. */
  readonly title: string;
  readonly optimizer: OptimizerSettings;
}

/**
 * The way of one training through weight space, of any length in bounded memory: when it is full every other point
 * goes, and from then on only every other one is kept. The last point is always there.
 */
export class WeightPath {
  readonly owner: PathOwner;
  readonly epochs: number[] = [];
  readonly points: NetworkPoint[] = [];
  readonly losses: number[] = [];
  diverged = false;
  readonly #most: number;
  #added = 0;
  #stride = 1;
  /** The last point is there only until the next one comes. */
  #passing = false;

  constructor(owner: PathOwner, most: number) {
    this.owner = owner;
    this.#most = Math.max(2, most);
  }

  add(epoch: number, point: NetworkPoint, loss: number): void {
    if (this.#passing) for (const list of this.#lists) list.pop();
    this.epochs.push(epoch);
    this.points.push(point);
    this.losses.push(loss);
    this.#passing = this.#added % this.#stride !== 0;
    this.#added++;
    if (this.points.length <= this.#most) return;
    const last = this.points.length - 1;
    for (const list of this.#lists) {
      const kept = list.filter((_, i) => i % 2 === 0 || i === last);
      list.splice(0, list.length, ...kept);
    }
    this.#passing ||= last % 2 !== 0;
    this.#stride *= 2;
  }

  get #lists(): unknown[][] {
    return [this.epochs, this.points, this.losses];
  }
}
