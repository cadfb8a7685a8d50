/** z_j ← e^(a_j − m) / Σ_k e^(a_k − m) with m = max a, for `count` numbers from `offset`. Returns ln Σ_k e^(a_k). */
export function softmaxRow(a: ArrayLike<number>, offset: number, count: number, z: { [i: number]: number }): number {
  let max = -Infinity;
  for (let i = offset; i < offset + count; i++) max = Math.max(max, a[i] ?? 0);
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += z[i] = Math.exp((a[i] ?? 0) - max);
  for (let i = offset; i < offset + count; i++) z[i] = (z[i] ?? 0) / sum;
  return max + Math.log(sum);
}
