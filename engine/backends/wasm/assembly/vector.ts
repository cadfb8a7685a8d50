/** What the kernels are made of: one vector is four float32 numbers. */

/**
 * a·b + c, in one rounding where relaxed SIMD is compiled in and the processor has it.
 * Which of the two it is never changes within one machine, so results stay the same there.
 */
// @ts-ignore: decorators are the compiler's own.
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The lane-wise choice: `yes` where the mask is set. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function choose(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** x₀ + x₁ + x₂ + x₃, in float64. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function laneSum(x: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(x),
    f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
  );
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

/** Loads `count` numbers, 1 to 3; the other lanes are 0. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function loadPart(address: usize, count: i32): v128 {
  let part = v128.load32_zero(address);
  if (count > 1) part = v128.load32_lane(address, part, 1, 4);
  if (count > 2) part = v128.load32_lane(address, part, 2, 8);
  return part;
}

/** Stores the first `count` lanes, 1 to 3. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function storePart(address: usize, value: v128, count: i32): void {
  v128.store32_lane(address, value, 0);
  if (count > 1) v128.store32_lane(address, value, 1, 4);
  if (count > 2) v128.store32_lane(address, value, 2, 8);
}

/** to[count] ← from[count], with all that a last vector overhangs left as it is. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function copyRow(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4, from += 16, to += 16) v128.store(to, v128.load(from));
  if (count > 0) storePart(to, loadPart(from, count), count);
}

/** −1, 0 or 1. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function signOf(x: v128): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}
