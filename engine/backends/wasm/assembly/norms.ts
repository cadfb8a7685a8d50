/*
 * Batch and layer normalization; `engine/backends/reference/norms.ts` has the formulas. Statistics of columns are computed for 16 columns at a time, those
 * of rows for one row.
 */
import { laneSum, loadPart, multiplyAdd, storePart } from './vector';

/** Columns of a piece: a cache line. */
export const pieceColumns = 16;

// @ts-ignore: decorators are the compiler's own.
@inline
function load(address: usize, lanes: i32): v128 {
  return lanes >= 4 ? v128.load(address) : loadPart(address, lanes);
}

// @ts-ignore: decorators are the compiler's own.
@inline
function store(address: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(address, value);
  else storePart(address, value, lanes);
}

/** Of a piece of columns: mean ← Σ x / rows; variance ← Σ (x − mean)² / rows. */
export function columnMoments(x: usize, rows: i32, columns: i32, column: i32, mean: usize, variance: usize): void {
  const stride = columns << 2;
  const count = f32x4.splat(<f32>rows);
  for (let c = column; c < min(columns, column + pieceColumns); c += 4) {
    const lanes = columns - c;
    const offset = c << 2;
    let sum = f32x4.splat(0);
    for (let row = 0, at = x + offset; row < rows; row++, at += stride) sum = f32x4.add(sum, load(at, lanes));
    const center = f32x4.div(sum, count);
    let squares = f32x4.splat(0);
    for (let row = 0, at = x + offset; row < rows; row++, at += stride) {
      const distance = f32x4.sub(load(at, lanes), center);
      squares = multiplyAdd(distance, distance, squares);
    }
    store(mean + offset, center, lanes);
    store(variance + offset, f32x4.div(squares, count), lanes);
  }
}

/** Of a piece of columns: sums ← Σ a ⊙ b over the rows. */
export function columnProducts(a: usize, b: usize, rows: i32, columns: i32, column: i32, sums: usize): void {
  const stride = columns << 2;
  for (let c = column; c < min(columns, column + pieceColumns); c += 4) {
    const lanes = columns - c;
    let sum = f32x4.splat(0);
    for (let row = 0, at = c << 2; row < rows; row++, at += stride)
      sum = multiplyAdd(load(a + at, lanes), load(b + at, lanes), sum);
    store(sums + (c << 2), sum, lanes);
  }
}

/** 1/√(variance + ε) */
// @ts-ignore: decorators are the compiler's own.
@inline
function inverseDeviation(variance: v128, epsilon: f32): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
}

/** Of a piece of columns: x̂ ← (x − mean) / √(variance + ε); z ← scale ⊙ x̂ + shift. */
export function normalizeColumns(
  x: usize,
  rows: i32,
  columns: i32,
  column: i32,
  mean: usize,
  variance: usize,
  epsilon: f32,
  scale: usize,
  shift: usize,
  normalized: usize,
  output: usize,
): void {
  const stride = columns << 2;
  for (let c = column; c < min(columns, column + pieceColumns); c += 4) {
    const lanes = columns - c;
    const offset = c << 2;
    const center = load(mean + offset, lanes);
    const inverse = inverseDeviation(load(variance + offset, lanes), epsilon);
    const factor = load(scale + offset, lanes);
    const summand = load(shift + offset, lanes);
    for (let row = 0, at = offset; row < rows; row++, at += stride) {
      const unit = f32x4.mul(f32x4.sub(load(x + at, lanes), center), inverse);
      store(normalized + at, unit, lanes);
      store(output + at, multiplyAdd(factor, unit, summand), lanes);
    }
  }
}

/** Of a piece of columns: inputGradient ← scale/√(variance + ε) ⊙ (g − sum/rows − x̂ ⊙ product/rows), given Σg and Σg ⊙ x̂. */
export function normalizeColumnsGradient(
  gradient: usize,
  normalized: usize,
  rows: i32,
  columns: i32,
  column: i32,
  variance: usize,
  epsilon: f32,
  scale: usize,
  sums: usize,
  products: usize,
  inputGradient: usize,
): void {
  const stride = columns << 2;
  const count = f32x4.splat(<f32>rows);
  for (let c = column; c < min(columns, column + pieceColumns); c += 4) {
    const lanes = columns - c;
    const offset = c << 2;
    const factor = f32x4.mul(load(scale + offset, lanes), inverseDeviation(load(variance + offset, lanes), epsilon));
    const meanGradient = f32x4.div(load(sums + offset, lanes), count);
    const meanProduct = f32x4.neg(f32x4.div(load(products + offset, lanes), count));
    for (let row = 0, at = offset; row < rows; row++, at += stride) {
      const rest = f32x4.sub(load(gradient + at, lanes), meanGradient);
      store(inputGradient + at, f32x4.mul(factor, multiplyAdd(load(normalized + at, lanes), meanProduct, rest)), lanes);
    }
  }
}

/** One row: variance ← that of its values; x̂ and z as for columns, with one mean and variance for all of them. */
export function normalizeRow(
  x: usize,
  columns: i32,
  variance: usize,
  epsilon: f32,
  scale: usize,
  shift: usize,
  normalized: usize,
  output: usize,
): void {
  let sums = f32x4.splat(0);
  for (let c = 0; c < columns; c += 4) sums = f32x4.add(sums, load(x + (c << 2), columns - c));
  const center = f32x4.splat(<f32>(laneSum(sums) / columns));
  let squares = f32x4.splat(0);
  for (let c = 0; c < columns; c += 4) {
    const lanes = columns - c;
    let distance = f32x4.sub(load(x + (c << 2), lanes), center);
    // Lanes past the row are 0 and must stay so.
    if (lanes < 4) distance = firstLanes(distance, lanes);
    squares = multiplyAdd(distance, distance, squares);
  }
  const spread = <f32>(laneSum(squares) / columns);
  f32.store(variance, spread);
  const inverse = f32x4.splat(<f32>1 / sqrt<f32>(spread + epsilon));
  for (let c = 0, at = 0; c < columns; c += 4, at += 16) {
    const lanes = columns - c;
    const unit = f32x4.mul(f32x4.sub(load(x + at, lanes), center), inverse);
    store(normalized + at, unit, lanes);
    store(output + at, multiplyAdd(load(scale + at, lanes), unit, load(shift + at, lanes)), lanes);
  }
}

/** The first `lanes` lanes, 1 to 3; the others 0. */
// @ts-ignore: decorators are the compiler's own.
@inline
function firstLanes(x: v128, lanes: i32): v128 {
  let part = f32x4.replace_lane(x, 3, 0);
  if (lanes < 3) part = f32x4.replace_lane(part, 2, 0);
  if (lanes < 2) part = f32x4.replace_lane(part, 1, 0);
  return part;
}

/** One row: inputGradient ← (h − mean(h) − x̂ ⊙ mean(h ⊙ x̂)) / √(variance + ε), h = g ⊙ scale. */
export function normalizeRowGradient(
  gradient: usize,
  normalized: usize,
  columns: i32,
  variance: f32,
  epsilon: f32,
  scale: usize,
  inputGradient: usize,
): void {
  let sums = f32x4.splat(0);
  let products = sums;
  for (let c = 0, at = 0; c < columns; c += 4, at += 16) {
    const lanes = columns - c;
    const h = f32x4.mul(load(gradient + at, lanes), load(scale + at, lanes));
    sums = f32x4.add(sums, h);
    products = multiplyAdd(h, load(normalized + at, lanes), products);
  }
  const mean = f32x4.splat(<f32>(laneSum(sums) / columns));
  const meanProduct = f32x4.splat(<f32>(-laneSum(products) / columns));
  const inverse = f32x4.splat(<f32>1 / sqrt<f32>(variance + epsilon));
  for (let c = 0, at = 0; c < columns; c += 4, at += 16) {
    const lanes = columns - c;
    const h = f32x4.mul(load(gradient + at, lanes), load(scale + at, lanes));
    const rest = multiplyAdd(load(normalized + at, lanes), meanProduct, f32x4.sub(h, mean));
    store(inputGradient + at, f32x4.mul(rest, inverse), lanes);
  }
}

/** average ← kept · average + share · values */
export function blend(average: usize, values: usize, count: i32, kept: f32, share: f32): void {
  const keptLanes = f32x4.splat(kept);
  const shareLanes = f32x4.splat(share);
  for (let i = 0, at = 0; i < count; i += 4, at += 16) {
    const lanes = count - i;
    const part = f32x4.mul(load(values + at, lanes), shareLanes);
    store(average + at, multiplyAdd(load(average + at, lanes), keptLanes, part), lanes);
  }
}
