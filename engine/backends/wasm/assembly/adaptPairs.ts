import { multiplyAdd } from './vector';

/**
 * m ← c₀m + c₁g      v ← c₂v + c₃g²      w ← c₄w − c₅m / (√(c₇v + c₈) + c₉)
 *
 * What `adapt` does where nothing is clipped and c₆ is 0, over two vectors side by side at a time, each rounded as there. Everything is read before
 * anything is written: only then does a compiler make one vector of the two. `c` points at c₀. Returns 0 lane by lane, NaN once a weight is not finite.
 */
// @ts-ignore: decorators are the compiler's own.
@inline
export function adaptPairs(w: usize, g: usize, m: usize, v: usize, bytes: i32, c: usize): v128 {
  const c0 = v128.load_splat<f32>(c);
  const c1 = v128.load_splat<f32>(c, 4);
  const c2 = v128.load_splat<f32>(c, 8);
  const c3 = v128.load_splat<f32>(c, 12);
  const c4 = v128.load_splat<f32>(c, 16);
  const c5 = v128.load_splat<f32>(c, 20);
  const c7 = v128.load_splat<f32>(c, 28);
  const c8 = v128.load_splat<f32>(c, 32);
  const c9 = v128.load_splat<f32>(c, 36);
  const zero = f32x4.splat(0);
  let check = zero;
  for (const end = w + bytes; w < end; w += 32, g += 32, m += 32, v += 32) {
    const gradient = v128.load(g);
    const nextGradient = v128.load(g, 16);
    const moment = multiplyAdd(c0, v128.load(m), f32x4.mul(c1, gradient));
    const nextMoment = multiplyAdd(c0, v128.load(m, 16), f32x4.mul(c1, nextGradient));
    const square = multiplyAdd(f32x4.mul(c3, gradient), gradient, f32x4.mul(c2, v128.load(v)));
    const nextSquare = multiplyAdd(f32x4.mul(c3, nextGradient), nextGradient, f32x4.mul(c2, v128.load(v, 16)));
    const divisor = f32x4.add(f32x4.sqrt(multiplyAdd(c7, square, c8)), c9);
    const nextDivisor = f32x4.add(f32x4.sqrt(multiplyAdd(c7, nextSquare, c8)), c9);
    const change = f32x4.div(f32x4.mul(c5, moment), divisor);
    const nextChange = f32x4.div(f32x4.mul(c5, nextMoment), nextDivisor);
    const weight = f32x4.sub(f32x4.mul(c4, v128.load(w)), change);
    const nextWeight = f32x4.sub(f32x4.mul(c4, v128.load(w, 16)), nextChange);
    v128.store(m, moment);
    v128.store(m, nextMoment, 16);
    v128.store(v, square);
    v128.store(v, nextSquare, 16);
    v128.store(w, weight);
    v128.store(w, nextWeight, 16);
    check = multiplyAdd(weight, zero, multiplyAdd(nextWeight, zero, check));
  }
  return check;
}
