import { multiplyAdd } from './vector';

/**
 * c[6, 16] ← start + Σ_k a[:, k] b[k, :], as `tile` does with 8 columns. Vectors that lie side by side are treated alike, so that a compiler which
 * makes one vector of 8 numbers of such a pair keeps all sums in registers; one that does not cannot.
 */
export function wideTile(
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
  let c02 = v128.load(at, 32);
  let c03 = v128.load(at, 48);
  at += fromStride;
  let c10 = v128.load(at);
  let c11 = v128.load(at, 16);
  let c12 = v128.load(at, 32);
  let c13 = v128.load(at, 48);
  at += fromStride;
  let c20 = v128.load(at);
  let c21 = v128.load(at, 16);
  let c22 = v128.load(at, 32);
  let c23 = v128.load(at, 48);
  at += fromStride;
  let c30 = v128.load(at);
  let c31 = v128.load(at, 16);
  let c32 = v128.load(at, 32);
  let c33 = v128.load(at, 48);
  at += fromStride;
  let c40 = v128.load(at);
  let c41 = v128.load(at, 16);
  let c42 = v128.load(at, 32);
  let c43 = v128.load(at, 48);
  at += fromStride;
  let c50 = v128.load(at);
  let c51 = v128.load(at, 16);
  let c52 = v128.load(at, 32);
  let c53 = v128.load(at, 48);

  const end = depth * aStep;
  for (let k = 0; k < end; k += aStep) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    b += bStep;
    let t = v128.load_splat<f32>(a0 + k);
    c00 = multiplyAdd(t, b0, c00);
    c01 = multiplyAdd(t, b1, c01);
    c02 = multiplyAdd(t, b2, c02);
    c03 = multiplyAdd(t, b3, c03);
    t = v128.load_splat<f32>(a1 + k);
    c10 = multiplyAdd(t, b0, c10);
    c11 = multiplyAdd(t, b1, c11);
    c12 = multiplyAdd(t, b2, c12);
    c13 = multiplyAdd(t, b3, c13);
    t = v128.load_splat<f32>(a2 + k);
    c20 = multiplyAdd(t, b0, c20);
    c21 = multiplyAdd(t, b1, c21);
    c22 = multiplyAdd(t, b2, c22);
    c23 = multiplyAdd(t, b3, c23);
    t = v128.load_splat<f32>(a3 + k);
    c30 = multiplyAdd(t, b0, c30);
    c31 = multiplyAdd(t, b1, c31);
    c32 = multiplyAdd(t, b2, c32);
    c33 = multiplyAdd(t, b3, c33);
    t = v128.load_splat<f32>(a4 + k);
    c40 = multiplyAdd(t, b0, c40);
    c41 = multiplyAdd(t, b1, c41);
    c42 = multiplyAdd(t, b2, c42);
    c43 = multiplyAdd(t, b3, c43);
    t = v128.load_splat<f32>(a5 + k);
    c50 = multiplyAdd(t, b0, c50);
    c51 = multiplyAdd(t, b1, c51);
    c52 = multiplyAdd(t, b2, c52);
    c53 = multiplyAdd(t, b3, c53);
  }

  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  c += stride;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  v128.store(c, c12, 32);
  v128.store(c, c13, 48);
  c += stride;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  v128.store(c, c22, 32);
  v128.store(c, c23, 48);
  c += stride;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  v128.store(c, c32, 32);
  v128.store(c, c33, 48);
  c += stride;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  v128.store(c, c42, 32);
  v128.store(c, c43, 48);
  c += stride;
  v128.store(c, c50);
  v128.store(c, c51, 16);
  v128.store(c, c52, 32);
  v128.store(c, c53, 48);
}
