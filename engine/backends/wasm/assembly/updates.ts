import { adaptPairs } from './adaptPairs';
import { multiplyAdd, signOf } from './vector';

/*
 * The passes that optimizers are made of, each over `bytes` of a parameter, its gradient g and what is remembered of it, rounded up to whole vectors, or pairs of them.
 * `c` holds the coefficients of this step: c[0] scales the gradient and c[1] limits it, the others are the pass's own, from c[2] on; the
 * formulas are beside `UpdatePass` of the backend interface.
 *
 * Each returns 0, and NaN once a weight is not finite.
 */

// @ts-ignore: decorators are the compiler's own.
@inline
function coefficient(c: usize, index: i32): v128 {
  return v128.load_splat<f32>(c + ((index + 2) << 2));
}

/** The gradient, clipped. */
// @ts-ignore: decorators are the compiler's own.
@inline
function clipped(gradient: v128, scale: v128, limit: v128): v128 {
  return f32x4.max(f32x4.neg(limit), f32x4.min(limit, f32x4.mul(gradient, scale)));
}

/** 0 · (Σ lanes): 0, or NaN. */
// @ts-ignore: decorators are the compiler's own.
@inline
function zeroOrNaN(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)
  );
}

/** w ← w − c₀g */
export function descend(w: usize, g: usize, bytes: i32, c: usize): f32 {
  const scale = v128.load_splat<f32>(c);
  const limit = v128.load_splat<f32>(c, 4);
  const c0 = coefficient(c, 0);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 16, g += 16) {
    const gradient = clipped(v128.load(g), scale, limit);
    const weight = f32x4.sub(v128.load(w), f32x4.mul(c0, gradient));
    v128.store(w, weight);
    check = multiplyAdd(weight, zero, check);
  }
  return zeroOrNaN(check);
}

/** m ← c₀m + c₁g      w ← w + c₂m + c₃g */
export function roll(w: usize, g: usize, m: usize, bytes: i32, c: usize): f32 {
  const scale = v128.load_splat<f32>(c);
  const limit = v128.load_splat<f32>(c, 4);
  const c0 = coefficient(c, 0);
  const c1 = coefficient(c, 1);
  const c2 = coefficient(c, 2);
  const c3 = coefficient(c, 3);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 16, g += 16, m += 16) {
    const gradient = clipped(v128.load(g), scale, limit);
    const velocity = multiplyAdd(c0, v128.load(m), f32x4.mul(c1, gradient));
    v128.store(m, velocity);
    const weight = f32x4.add(v128.load(w), multiplyAdd(c2, velocity, f32x4.mul(c3, gradient)));
    v128.store(w, weight);
    check = multiplyAdd(weight, zero, check);
  }
  return zeroOrNaN(check);
}

/** v ← c₀v + c₁g²      w ← w − c₂g / (√(v + c₃) + c₄) */
export function scale(w: usize, g: usize, v: usize, bytes: i32, c: usize): f32 {
  const gradientScale = v128.load_splat<f32>(c);
  const limit = v128.load_splat<f32>(c, 4);
  const c0 = coefficient(c, 0);
  const c1 = coefficient(c, 1);
  const c2 = coefficient(c, 2);
  const c3 = coefficient(c, 3);
  const c4 = coefficient(c, 4);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 16, g += 16, v += 16) {
    const gradient = clipped(v128.load(g), gradientScale, limit);
    const square = multiplyAdd(f32x4.mul(c1, gradient), gradient, f32x4.mul(c0, v128.load(v)));
    v128.store(v, square);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.add(square, c3)), c4);
    const weight = f32x4.sub(v128.load(w), f32x4.div(f32x4.mul(c2, gradient), divisor));
    v128.store(w, weight);
    check = multiplyAdd(weight, zero, check);
  }
  return zeroOrNaN(check);
}

/** m ← c₀m + c₁g      v ← c₂v + c₃g²      w ← c₄w − (c₅m + c₆g) / (√(c₇v + c₈) + c₉) */
export function adapt(w: usize, g: usize, m: usize, v: usize, bytes: i32, c: usize): f32 {
  const isClipped = f32.load(c) != 1 || f32.load(c, 4) != Infinity;
  const looksAhead = f32.load(c, 32) != 0;
  if (isClipped || looksAhead) return adaptAll(true, w, g, m, v, bytes, c);
  if (WIDE) return zeroOrNaN(adaptPairs(w, g, m, v, bytes, c + 8));
  return adaptAll(false, w, g, m, v, bytes, c);
}

/** `whole` is false where the gradient counts as it is and c₆ is 0, as in Adam: the fewer instructions are what it takes less time by. */
// @ts-ignore: decorators are the compiler's own.
@inline
function adaptAll(whole: bool, w: usize, g: usize, m: usize, v: usize, bytes: i32, c: usize): f32 {
  const gradientScale = v128.load_splat<f32>(c);
  const limit = v128.load_splat<f32>(c, 4);
  const c0 = coefficient(c, 0);
  const c1 = coefficient(c, 1);
  const c2 = coefficient(c, 2);
  const c3 = coefficient(c, 3);
  const c4 = coefficient(c, 4);
  const c5 = coefficient(c, 5);
  const c6 = coefficient(c, 6);
  const c7 = coefficient(c, 7);
  const c8 = coefficient(c, 8);
  const c9 = coefficient(c, 9);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 16, g += 16, m += 16, v += 16) {
    let gradient = v128.load(g);
    if (whole) gradient = clipped(gradient, gradientScale, limit);
    const moment = multiplyAdd(c0, v128.load(m), f32x4.mul(c1, gradient));
    v128.store(m, moment);
    const square = multiplyAdd(f32x4.mul(c3, gradient), gradient, f32x4.mul(c2, v128.load(v)));
    v128.store(v, square);
    let direction = f32x4.mul(c5, moment);
    if (whole) direction = multiplyAdd(c6, gradient, direction);
    const divisor = f32x4.add(f32x4.sqrt(multiplyAdd(c7, square, c8)), c9);
    const weight = f32x4.sub(f32x4.mul(c4, v128.load(w)), f32x4.div(direction, divisor));
    v128.store(w, weight);
    check = multiplyAdd(weight, zero, check);
  }
  return zeroOrNaN(check);
}

/** w ← c₂w − c₃ sign(c₀m + c₁g)      m ← c₄m + c₅g */
export function followSign(w: usize, g: usize, m: usize, bytes: i32, c: usize): f32 {
  const scale = v128.load_splat<f32>(c);
  const limit = v128.load_splat<f32>(c, 4);
  const c0 = coefficient(c, 0);
  const c1 = coefficient(c, 1);
  const c2 = coefficient(c, 2);
  const c3 = coefficient(c, 3);
  const c4 = coefficient(c, 4);
  const c5 = coefficient(c, 5);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 16, g += 16, m += 16) {
    const gradient = clipped(v128.load(g), scale, limit);
    const moment = v128.load(m);
    const direction = signOf(multiplyAdd(c0, moment, f32x4.mul(c1, gradient)));
    const weight = f32x4.sub(f32x4.mul(c2, v128.load(w)), f32x4.mul(c3, direction));
    v128.store(w, weight);
    v128.store(m, multiplyAdd(c4, moment, f32x4.mul(c5, gradient)));
    check = multiplyAdd(weight, zero, check);
  }
  return zeroOrNaN(check);
}
