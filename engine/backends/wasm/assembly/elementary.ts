/*
 * Elementary functions of four float32 numbers at once, to a few units in the last place, over the arguments that activations and losses need.
 * NaN in gives NaN out. Sources: Cephes (Moshier), expf and its reduction; Numerical Recipes 6.2 (Press et al.), erfcc.
 */
import { choose, multiplyAdd } from './vector';

/**
 * e^x for x ≤ 0, 0 below −87.3.
 *
 *     x = n ln 2 + r, |r| ≤ ½ ln 2      e^x = 2ⁿ (1 + r + r² p(r))
 */
export function expOfNegative(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87.3));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first exact in few bits, so that r keeps its digits.
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return choose(f32x4.lt(x, f32x4.splat(-87.3)), f32x4.splat(0), f32x4.mul(p, power));
}

/** e^x − 1 for x ≤ 0, with all its digits near 0: a Taylor polynomial from −0.4 on. */
export function expMinusOneOfNegative(x: v128): v128 {
  let p = f32x4.splat(1.0 / 40320);
  p = multiplyAdd(p, x, f32x4.splat(1.0 / 5040));
  p = multiplyAdd(p, x, f32x4.splat(1.0 / 720));
  p = multiplyAdd(p, x, f32x4.splat(1.0 / 120));
  p = multiplyAdd(p, x, f32x4.splat(1.0 / 24));
  p = multiplyAdd(p, x, f32x4.splat(1.0 / 6));
  p = multiplyAdd(p, x, f32x4.splat(0.5));
  const near = multiplyAdd(f32x4.mul(x, x), p, x);
  const far = f32x4.sub(expOfNegative(x), f32x4.splat(1));
  return choose(f32x4.gt(x, f32x4.splat(-0.4)), near, far);
}

/** ln(1 + y) for 0 ≤ y ≤ 1: 2 artanh(s) = 2(s + s³/3 + s⁵/5 + …), s = y/(2 + y) ≤ 1/3. */
export function logOfOnePlus(y: v128): v128 {
  const s = f32x4.div(y, f32x4.add(y, f32x4.splat(2)));
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 13);
  p = multiplyAdd(p, q, f32x4.splat(2.0 / 11));
  p = multiplyAdd(p, q, f32x4.splat(2.0 / 9));
  p = multiplyAdd(p, q, f32x4.splat(2.0 / 7));
  p = multiplyAdd(p, q, f32x4.splat(2.0 / 5));
  p = multiplyAdd(p, q, f32x4.splat(2.0 / 3));
  return multiplyAdd(f32x4.mul(p, q), s, f32x4.add(s, s));
}

/** 1/(1 + e^−x), from e^−|x|, so that nothing overflows. */
export function sigmoid(x: v128): v128 {
  const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
  const p = f32x4.div(f32x4.splat(1), f32x4.add(e, f32x4.splat(1)));
  return choose(f32x4.lt(x, f32x4.splat(0)), f32x4.mul(e, p), p);
}

/** tanh x = −m/(2 + m) with the sign of x, m = e^(−2|x|) − 1. */
export function tanh(x: v128): v128 {
  const m = expMinusOneOfNegative(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
  const size = f32x4.div(f32x4.neg(m), f32x4.add(m, f32x4.splat(2)));
  return choose(i32x4.splat(0x7fffffff), size, x);
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|) */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), logOfOnePlus(expOfNegative(f32x4.neg(f32x4.abs(x)))));
}

/**
 * Φ(x), the share of a standard normal below x, with the digits of small tails.
 *
 *     Φ(−|x|) = ½ t e^(−z² + p(t)), z = |x|/√2, t = 1/(1 + z/2)
 */
export function normalDistribution(x: v128): v128 {
  const z = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678));
  const t = f32x4.div(f32x4.splat(1), multiplyAdd(z, f32x4.splat(0.5), f32x4.splat(1)));
  let p = f32x4.splat(0.17087277);
  p = multiplyAdd(p, t, f32x4.splat(-0.82215223));
  p = multiplyAdd(p, t, f32x4.splat(1.48851587));
  p = multiplyAdd(p, t, f32x4.splat(-1.13520398));
  p = multiplyAdd(p, t, f32x4.splat(0.27886807));
  p = multiplyAdd(p, t, f32x4.splat(-0.18628806));
  p = multiplyAdd(p, t, f32x4.splat(0.09678418));
  p = multiplyAdd(p, t, f32x4.splat(0.37409196));
  p = multiplyAdd(p, t, f32x4.splat(1.00002368));
  p = multiplyAdd(p, t, f32x4.splat(-1.26551223));
  // At x = 0 the exponent is 0 but for rounding; the exponential wants none above it.
  const exponent = f32x4.min(f32x4.sub(p, f32x4.mul(z, z)), f32x4.splat(0));
  const tail = f32x4.mul(f32x4.mul(t, f32x4.splat(0.5)), expOfNegative(exponent));
  return choose(f32x4.gt(x, f32x4.splat(0)), f32x4.sub(f32x4.splat(1), tail), tail);
}

/** φ(x) = e^(−x²/2) / √(2π) */
export function normalDensity(x: v128): v128 {
  return f32x4.mul(expOfNegative(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.39894228));
}

/** ln x of one number above 0, in float64; NaN for others: 2 artanh(s) of the fraction, s = (m − 1)/(m + 1), and the exponent's ln 2. */
export function logarithm(x: f64): f64 {
  if (!(x > 0)) return NaN;
  const bits = reinterpret<i64>(x);
  let exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let p: f64 = 1.0 / 17;
  p = p * q + 1.0 / 15;
  p = p * q + 1.0 / 13;
  p = p * q + 1.0 / 11;
  p = p * q + 1.0 / 9;
  p = p * q + 1.0 / 7;
  p = p * q + 1.0 / 5;
  p = p * q + 1.0 / 3;
  return 2 * s * (1 + q * p) + <f64>exponent * 0.6931471805599453;
}
