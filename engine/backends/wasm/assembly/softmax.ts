import { expOfNegative } from './elementary';
import { laneSum, loadPart, storePart } from './vector';

/**
 * output[i, :] ← softmax of row i: e^(a_j − m) / Σ_k e^(a_k − m), m = max a.
 *
 * Shapes: both [rows, columns].
 */
export function softmax(preActivation: usize, output: usize, rows: i32, columns: i32): void {
  const bytes = columns << 2;
  const whole = bytes & ~15;
  const rest = columns & 3;
  for (let row = 0; row < rows; row++) {
    const a = preActivation + row * bytes;
    const z = output + row * bytes;
    let max = f32.load(a);
    for (let at = 4; at < bytes; at += 4) max = Mathf.max(max, f32.load(a + at));
    const shift = f32x4.splat(max);
    let sum = f32x4.splat(0);
    for (let at = 0; at < whole; at += 16) {
      const e = expOfNegative(f32x4.sub(v128.load(a + at), shift));
      v128.store(z + at, e);
      sum = f32x4.add(sum, e);
    }
    let total = laneSum(sum);
    if (rest > 0) {
      const e = expOfNegative(f32x4.sub(loadPart(a + whole, rest), shift));
      storePart(z + whole, e, rest);
      for (let at = whole; at < bytes; at += 4) total += f32.load(z + at);
    }
    const share = f32x4.splat(<f32>(1 / total));
    for (let at = 0; at < whole; at += 16) v128.store(z + at, f32x4.mul(v128.load(z + at), share));
    if (rest > 0) storePart(z + whole, f32x4.mul(loadPart(z + whole, rest), share), rest);
  }
}

/** ∂L/∂a_j ← z_j (∂L/∂z_j − Σ_k ∂L/∂z_k z_k), row by row; in place too. */
export function softmaxGradient(output: usize, from: usize, to: usize, rows: i32, columns: i32): void {
  const bytes = columns << 2;
  for (let row = 0; row < rows; row++) {
    let mean: f64 = 0;
    for (let at = 0; at < bytes; at += 4) mean += <f64>f32.load(from + at) * <f64>f32.load(output + at);
    for (let at = 0; at < bytes; at += 4) f32.store(to + at, f32.load(output + at) * (f32.load(from + at) - <f32>mean));
    output += bytes;
    from += bytes;
    to += bytes;
  }
}
