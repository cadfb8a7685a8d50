import { multiplyAdd } from './vector';

/**
 * c[6, 8] ← start + Σ_k a[:, k] b[k, :], with rows of c `stride` bytes apart.
 *
 * `a0` … `a5` point at the first number of each row and `b` at its first 8 columns; `aStep` and `bStep` bytes lead to
 * the next k. The sums start from rows that lie `fromStride` bytes apart; 0 gives all rows the same start, such as a bias.
 */
export function tile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  a5: usize,
  aStep: i32,
  b: usize,
  bStep: i32,
  depth: i32,
  from: usize,
  fromStride: i32,
  c: usize,
  stride: i32,
): void {
  let at = from;
  let c00 = v128.load(at);
  let c01 = v128.load(at, 16);
  at += fromStride;
  let c10 = v128.load(at);
  let c11 = v128.load(at, 16);
  at += fromStride;
  let c20 = v128.load(at);
  let c21 = v128.load(at, 16);
  at += fromStride;
  let c30 = v128.load(at);
  let c31 = v128.load(at, 16);
  at += fromStride;
  let c40 = v128.load(at);
  let c41 = v128.load(at, 16);
  at += fromStride;
  let c50 = v128.load(at);
  let c51 = v128.load(at, 16);

  const end = depth * aStep;
  for (let k = 0; k < end; k += aStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let t = v128.load_splat<f32>(a0 + k);
    c00 = multiplyAdd(t, b0, c00);
    c01 = multiplyAdd(t, b1, c01);
    t = v128.load_splat<f32>(a1 + k);
    c10 = multiplyAdd(t, b0, c10);
    c11 = multiplyAdd(t, b1, c11);
    t = v128.load_splat<f32>(a2 + k);
    c20 = multiplyAdd(t, b0, c20);
    c21 = multiplyAdd(t, b1, c21);
    t = v128.load_splat<f32>(a3 + k);
    c30 = multiplyAdd(t, b0, c30);
    c31 = multiplyAdd(t, b1, c31);
    t = v128.load_splat<f32>(a4 + k);
    c40 = multiplyAdd(t, b0, c40);
    c41 = multiplyAdd(t, b1, c41);
    t = v128.load_splat<f32>(a5 + k);
    c50 = multiplyAdd(t, b0, c50);
    c51 = multiplyAdd(t, b1, c51);
  }

  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += stride;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += stride;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += stride;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += stride;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += stride;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}
