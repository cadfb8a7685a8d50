import type { Place } from './camera.ts';
import type { Relief } from './relief.ts';

/** What lies this little below the surface still counts as on it. */
const tolerance = 0.02;

/**
 * Which places lie behind a hill, as the eye sees them. From a place it goes towards the eye, a cell of the grid at a
 * time, until it meets the surface or has left it: its sides, or its highest point.
 */
export class Occlusion {
  readonly #heights: Float32Array;
  readonly #columns: number;
  readonly #rows: number;
  readonly #top: number;
  readonly #eye: Place;
  /** Answers for the points of each way, by its positions: 0 not asked, 1 in sight, 2 behind. */
  readonly #known = new WeakMap<Float64Array, Uint8Array>();

  /** `rise` is how high the highest point stands in the picture. */
  constructor(relief: Relief, rise: number, eye: Place) {
    const { grid } = relief;
    this.#columns = grid.columns;
    this.#rows = grid.rows;
    this.#heights = Float32Array.from(grid.heights, height => rise * relief.rise(height));
    this.#top = this.#heights.reduce((most, height) => Math.max(most, height), 0);
    this.#eye = eye;
  }

  hides([x, y, z]: Place): boolean {
    const [towardsX, towardsY, towardsZ] = [this.#eye[0] - x, this.#eye[1] - y, this.#eye[2] - z];
    const cell = 2 / (Math.max(this.#columns, this.#rows) - 1);
    const steps = Math.hypot(towardsX, towardsY) / cell;
    for (let step = 1; step < steps; step++) {
      const share = step / steps;
      const [a, b, c] = [x + share * towardsX, y + share * towardsY, z + share * towardsZ];
      if (c > this.#top || Math.abs(a) > 1 || Math.abs(b) > 1) return false;
      if (this.#at(a, b) > c + tolerance) return true;
    }
    return false;
  }

  /** Whether a point of a way lies behind; each is looked at once. */
  hidesPoint(positions: Float64Array, step: number, place: () => Place): boolean {
    let known = this.#known.get(positions);
    if (!known) this.#known.set(positions, (known = new Uint8Array(positions.length / 2)));
    known[step] ||= this.hides(place()) ? 2 : 1;
    return known[step] === 2;
  }

  /** The height of the nearest point of the grid. */
  #at(x: number, y: number): number {
    const column = Math.round(((x + 1) / 2) * (this.#columns - 1));
    const row = Math.round(((y + 1) / 2) * (this.#rows - 1));
    return this.#heights[row * this.#columns + column] ?? 0;
  }
}
