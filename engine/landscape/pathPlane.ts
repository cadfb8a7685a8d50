import type { Domain } from '../model/surfaceTable.ts';
import type { WeightPlane } from './lossAtWeights.ts';

/** The most products that finding the plane may cost: about a second. */
const costLimit = 1e9;

/**
 * The plane in which weight paths move most: their first two principal components, around their mean.
 *
 *     G = C Cᵀ with the centred weights c = w − w̄ as rows      G vₖ = λₖ vₖ      directionₖ = Cᵀvₖ / √λₖ
 *
 * The directions are orthonormal, so distances in the plane are distances in weight space. They point
 * as those of `previous` do, so that a picture does not flip while paths grow.
 * Source: principal components through the Gram matrix; Li et al. 2018, section 7, plot paths so.
 */
export function pathPlane(weights: readonly Float64Array[], previous?: WeightPlane): WeightPlane {
  const length = weights[0]?.length ?? 0;
  const center = new Float64Array(length);
  for (const w of weights) for (let k = 0; k < length; k++) center[k]! += w[k]! / weights.length;
  const most = Math.max(3, Math.floor(Math.sqrt(costLimit / Math.max(1, length))));
  const stride = Math.ceil(weights.length / most);
  const rows = weights.filter((_, i) => i % stride === 0).map(w => w.map((value, k) => value - center[k]!));
  const gram = rows.map((a, i) => Float64Array.from(rows, (b, j) => (j <= i ? dot(a, b) : 0)));
  gram.forEach((row, i) => {
    for (let j = i + 1; j < row.length; j++) row[j] = gram[j]![i]!;
  });
  const [one, other] = leadingPair(gram);
  // What is left of a path that stands still, or goes straight on, is rounding.
  const first = directionOf(rows, one, dot(center, center), previous?.first);
  const extent = rows.reduce((sum, row) => sum + dot(row, row), 0);
  return { center, first, second: directionOf(rows, other, extent, previous?.second, first) };
}

/**
 * A plane with two directions in any case: where all paths lie on one line, or stand still, `other` gives what is
 * missing, at a right angle.
 */
export function spanned(plane: WeightPlane, other: () => WeightPlane): WeightPlane {
  const [hasFirst, hasSecond] = [plane.first, plane.second].map(direction => dot(direction, direction) > 0.5);
  if (hasFirst && hasSecond) return plane;
  const { first: one, second: two } = other();
  const first = hasFirst ? plane.first : unit(one);
  const rest = two.slice();
  addScaled(rest, first, -dot(rest, first));
  return { ...plane, first, second: unit(rest) };
}

/** Cᵀv at length 1, at a right angle to `besides` to the last digit, pointing as `towards` does; 0 where it is nothing beside `size`. */
function directionOf(
  rows: readonly Float64Array[],
  vector: Float64Array,
  size: number,
  towards?: Float64Array,
  besides?: Float64Array,
): Float64Array {
  const direction = new Float64Array(rows[0]?.length ?? 0);
  rows.forEach((row, i) => addScaled(direction, row, vector[i]!));
  if (besides) addScaled(direction, besides, -dot(direction, besides));
  if (dot(direction, direction) <= 1e-24 * size) return direction.fill(0);
  return scaled(direction, towards && dot(direction, towards) < 0 ? -1 : 1);
}

/** The two leading eigenvectors of a symmetric matrix, by orthogonal iteration. */
function leadingPair(matrix: readonly Float64Array[]): [Float64Array, Float64Array] {
  const size = matrix.length;
  // Any start that no eigenvector is likely to be orthogonal to.
  let first = unit(Float64Array.from({ length: size }, (_, i) => 1 + (i % 7)));
  let second = unit(Float64Array.from({ length: size }, (_, i) => Math.sin(i + 1)));
  for (let pass = 0; pass < 200; pass++) {
    const next = unit(times(matrix, first));
    const rest = times(matrix, second);
    addScaled(rest, next, -dot(rest, next));
    const other = unit(rest);
    const moved = 2 - Math.abs(dot(next, first)) - Math.abs(dot(other, second));
    [first, second] = [next, other];
    if (moved < 1e-14) break;
  }
  return [first, second];
}

/** Positions (a, b) of weights in a plane, by least squares, for directions of any length and angle. */
export function project(plane: WeightPlane, weights: readonly Float64Array[]): Float64Array {
  const { center, first, second } = plane;
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const determinant = aa * bb - ab * ab;
  const positions = new Float64Array(2 * weights.length);
  weights.forEach((w, i) => {
    let [p, q] = [0, 0];
    for (let k = 0; k < w.length; k++) {
      const difference = w[k]! - center[k]!;
      p += difference * first[k]!;
      q += difference * second[k]!;
    }
    if (determinant > 1e-12 * aa * bb)
      positions.set([(p * bb - q * ab) / determinant, (q * aa - p * ab) / determinant], 2 * i);
    else if (aa > 0) positions[2 * i] = p / aa;
  });
  return positions;
}

/** Share of all squared distance from the centre that lies outside the plane, 0 … 1. */
export function offPlaneShare(
  { center, first, second }: WeightPlane,
  weights: readonly Float64Array[],
  positions: Float64Array,
): number {
  let [all, off] = [0, 0];
  weights.forEach((w, i) => {
    const [a, b] = [positions[2 * i]!, positions[2 * i + 1]!];
    for (let k = 0; k < w.length; k++) {
      const difference = w[k]! - center[k]!;
      all += difference ** 2;
      off += (difference - a * first[k]! - b * second[k]!) ** 2;
    }
  });
  return all > 0 ? Math.min(1, off / all) : 0;
}

/** The rectangle that shows all positions, with some room around them. */
export function domainOf(positions: readonly Float64Array[]): Domain {
  const range = (offset: 0 | 1): readonly [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const path of positions)
      for (let i = offset; i < path.length; i += 2) [low, high] = [Math.min(low, path[i]!), Math.max(high, path[i]!)];
    if (low > high) return [-1, 1];
    return [low, high];
  };
  const [x, y] = [range(0), range(1)];
  const widest = Math.max(x[1] - x[0], y[1] - y[0]);
  const withRoom = ([low, high]: readonly [number, number]): readonly [number, number] => {
    // A side without extent gets some of the other's, so that one sees where it goes up and down.
    const room = high - low > 1e-9 ? 0.2 * (high - low) : 0.5 * widest || 1;
    return [low - room, high + room];
  };
  return { x: withRoom(x), y: withRoom(y) };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k]! += factor * from[k]!;
}

const unit = (vector: Float64Array): Float64Array => scaled(vector, 1);

/** The vector at a new length; one without a length stays as it is. */
function scaled(vector: Float64Array, length: number): Float64Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm > 0 ? vector.map(value => (value * length) / norm) : vector;
}

const times = (matrix: readonly Float64Array[], vector: Float64Array): Float64Array =>
  Float64Array.from(matrix, row => dot(row, vector));
