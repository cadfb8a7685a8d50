import { kernelSource, summed } from './kernelSource.ts';

/** max a of each row, at [0, row]; `column` counts the rows. */
export const rowMaximum = kernelSource(
  ['a'],
  `let largest = a[column][0];
  for (let i = 0; i < this.constants.columns; i++) { largest = Math.max(largest, a[column][i]); }
  return largest;`,
);

/** Σ e^(a − max) of each row, at [0, row] */
export const rowExponentials = kernelSource(
  ['a', 'largest'],
  `${summed('Math.exp(a[column][i] - largest[0][column])', 'columns')} return sum;`,
);

/** z ← e^(a − max) / Σ e^(a − max) */
export const softmax = kernelSource(
  ['a', 'largest', 'sum'],
  'return Math.exp(a[row][column] - largest[0][row]) / sum[0][row];',
);

/** ∂L/∂a_j ← z_j (∂L/∂z_j − Σ_k ∂L/∂z_k z_k) */
export const softmaxGradient = kernelSource(
  ['output', 'gradient', 'mean'],
  'return output[row][column] * (gradient[row][column] - mean[0][row]);',
);
