import { contours } from 'd3-contour';
import type { Point } from '../../engine/model/surfaceTable.ts';
import type { SurfaceGrid } from '../../engine/protocol/lab.ts';

/** One line of equal height, as rings of points of the plane. */
export interface Level {
  readonly height: number;
  /** 0 … 1, as it is shaded. */
  readonly shade: number;
  readonly rings: readonly (readonly Point[])[];
}

const levelCount = 15;
const rises = [
  [1, 'f'],
  [1 / 2, '√f'],
  [1 / 3, '∛f'],
  [1 / 4, '∜f'],
] as const;

/**
 * A grid of heights as pictures need it. Two scales, 0 at the lowest and 1 at the highest:
 *
 *     shade   ln(1 + (f − low)/s) / ln(1 + (high − low)/s),  s the tenth lowest part: lines stay apart in the valleys
 *     rise    ((f − low)/(high − low))^p, the p of 1, ½, ⅓, ¼ under which the median stands nearest to 0.3
 */
export class Relief {
  readonly grid: SurfaceGrid;
  readonly low: number;
  readonly high: number;
  /** What the height of the 3-D picture shows: `f`, `√f`, …. */
  readonly riseText: string;
  readonly #scale: number;
  readonly #power: number;
  #levels: readonly Level[] | undefined;

  constructor(grid: SurfaceGrid) {
    this.grid = grid;
    const sorted = grid.heights.toSorted();
    this.low = sorted[0] ?? 0;
    this.high = sorted.at(-1) ?? 1;
    const range = this.high - this.low || 1;
    const at = (share: number) => ((sorted[Math.floor(share * sorted.length)] ?? this.low) - this.low) / range;
    this.#scale = range * Math.max(1e-3, Math.min(1, at(0.1)));
    const off = (power: number) => Math.abs(Math.max(1e-9, at(0.5)) ** power - 0.3);
    const [power, text] = rises.reduce((best, next) => (off(next[0]) < off(best[0]) ? next : best));
    this.#power = power;
    this.riseText = text;
  }

  shade(f: number): number {
    const range = this.high - this.low || 1;
    return Math.log1p(Math.max(0, f - this.low) / this.#scale) / Math.log1p(range / this.#scale);
  }

  /** The height in the picture; beyond the grid's highest it is cut off a little above it. */
  rise(f: number): number {
    const range = this.high - this.low || 1;
    return Math.min(1.15, Math.max(0, (f - this.low) / range) ** this.#power);
  }

  /** f between the points of the grid, for what has no height of its own (a path seen from outside its plane). */
  at(x: number, y: number): number {
    const { domain, columns, rows, heights } = this.grid;
    const place = (value: number, [low, high]: readonly [number, number], count: number) => {
      const position = Math.min(count - 1, Math.max(0, ((value - low) / (high - low)) * (count - 1)));
      const cell = Math.min(count - 2, Math.floor(position));
      return [cell, position - cell] as const;
    };
    const [i, u] = place(x, domain.x, columns);
    const [j, v] = place(y, domain.y, rows);
    const height = (column: number, row: number) => heights[row * columns + column] ?? this.low;
    const lower = height(i, j) * (1 - u) + height(i + 1, j) * u;
    const upper = height(i, j + 1) * (1 - u) + height(i + 1, j + 1) * u;
    return lower * (1 - v) + upper * v;
  }

  /** The lines of equal height, the lowest first. */
  get levels(): readonly Level[] {
    this.#levels ??= this.#findLevels();
    return this.#levels;
  }

  #findLevels(): Level[] {
    const { domain, columns, rows, heights } = this.grid;
    const shades = Array.from(heights, height => this.shade(height));
    const thresholds = Array.from({ length: levelCount }, (_, i) => i / levelCount);
    // d3 counts from the corner of a cell, our heights stand in its middle.
    const toPlane = ([column = 0, row = 0]: readonly number[]): Point => [
      domain.x[0] + ((column - 0.5) / (columns - 1)) * (domain.x[1] - domain.x[0]),
      domain.y[0] + ((row - 0.5) / (rows - 1)) * (domain.y[1] - domain.y[0]),
    ];
    const range = this.high - this.low || 1;
    return contours()
      .size([columns, rows])
      .thresholds(thresholds)(shades)
      .map(({ value, coordinates }) => ({
        shade: value,
        height: this.low + this.#scale * Math.expm1(value * Math.log1p(range / this.#scale)),
        rings: coordinates.flatMap(polygon => polygon.map(ring => ring.map(toPlane))),
      }));
  }
}
