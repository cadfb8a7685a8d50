import { laneSum, loadPart, multiplyAdd, signOf, storePart } from './vector';

/** sums[column …] ← Σ over rows of 16 columns at most, from `column` on. Shapes: values [rows, columns], sums [1, columns]. */
export function sumColumns(values: usize, rows: i32, columns: i32, column: i32, sums: usize): void {
  const stride = columns << 2;
  const width = min(16, columns - column);
  let at = values + (column << 2);
  const to = sums + (column << 2);
  if (width == 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let row = 0; row < rows; row++) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
      at += stride;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    return;
  }
  for (let group = 0; group < width; group += 4) {
    const lanes = min(4, width - group);
    let sum = f32x4.splat(0);
    let from = at + (group << 2);
    for (let row = 0; row < rows; row++) {
      sum = f32x4.add(sum, lanes == 4 ? v128.load(from) : loadPart(from, lanes));
      from += stride;
    }
    if (lanes == 4) v128.store(to + (group << 2), sum);
    else storePart(to + (group << 2), sum, lanes);
  }
}

/** 0 · Σ x over `count` numbers: 0 while all are finite, else NaN. */
export function zeroIfFinite(values: usize, count: i32): f64 {
  const zero = f32x4.splat(0);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  const end = values + ((count & ~15) << 2);
  let at = values;
  for (; at < end; at += 64) {
    s0 = multiplyAdd(v128.load(at), zero, s0);
    s1 = multiplyAdd(v128.load(at, 16), zero, s1);
    s2 = multiplyAdd(v128.load(at, 32), zero, s2);
    s3 = multiplyAdd(v128.load(at, 48), zero, s3);
  }
  let sum = laneSum(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (const last = values + (count << 2); at < last; at += 4) sum += <f64>(f32.load(at) * 0);
  return sum;
}

/** Σ x², in float64. */
export function sumOfSquares(values: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(values + (i << 2)));
    sum = f64x2.add(sum, f64x2.mul(x, x));
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (i < count) {
    const x = <f64>f32.load(values + (i << 2));
    total += x * x;
  }
  return total;
}

/** Returns Σ λ₁|w| + λ₂w². gradient ← gradient + λ₁ sign(w) + 2λ₂w, unless its address is 0. */
export function penalty(weight: usize, count: i32, l1: f32, l2: f32, gradient: usize): f64 {
  const first = f32x4.splat(l1);
  const second = f32x4.splat(l2);
  const slope = f32x4.splat(2 * l2);
  const whole = count & ~3;
  let sum: f64 = 0;
  for (let i = 0; i < count; i += 4) {
    const at = i << 2;
    const w = i < whole ? v128.load(weight + at) : loadPart(weight + at, count - whole);
    sum += laneSum(multiplyAdd(f32x4.mul(second, w), w, f32x4.mul(first, f32x4.abs(w))));
    if (gradient == 0) continue;
    const add = multiplyAdd(slope, w, f32x4.mul(first, signOf(w)));
    if (i < whole) v128.store(gradient + at, f32x4.add(v128.load(gradient + at), add));
    else storePart(gradient + at, f32x4.add(loadPart(gradient + at, count - whole), add), count - whole);
  }
  return sum;
}
