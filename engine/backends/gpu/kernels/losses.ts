import type { LossName } from '../../../model/dataFields.ts';
import { kernelSource, summed, type KernelSource } from './kernelSource.ts';

/** Losses that look at ŷ, number by number; `d` is ŷ − y. `engine/backends/reference/losses.ts` has the formulas. */
const ofOutputs: Record<Exclude<LossName, 'crossEntropy' | 'binaryCrossEntropy'>, { value: string; slope: string }> = {
  meanSquaredError: { value: 'd * d', slope: '2.0 * d' },
  meanAbsoluteError: { value: 'Math.abs(d)', slope: 'Math.sign(d)' },
  huber: {
    value: '(Math.abs(d) < 1.0 ? 0.5 * d * d : Math.abs(d) - 0.5)',
    slope: 'Math.max(-1.0, Math.min(1.0, d))',
  },
};

type OutputLoss = keyof typeof ofOutputs;

export const looksAtOutputs = (loss: LossName): loss is OutputLoss => loss in ofOutputs;

/** Σ of the losses of each row, at [0, row]; `column` counts the rows. */
export const rowLosses = (loss: OutputLoss): KernelSource =>
  kernelSource(
    ['output', 'targets'],
    `let sum = 0.0;
    for (let i = 0; i < this.constants.columns; i++) {
      const d = output[column][i] - targets[column][i];
      sum += ${ofOutputs[loss].value};
    }
    return sum;`,
  );

/** ∂L/∂ŷ */
export const outputGradient = (loss: OutputLoss): KernelSource =>
  kernelSource(
    ['output', 'targets'],
    `const d = output[row][column] - targets[row][column]; return (${ofOutputs[loss].slope}) / this.constants.count;`,
  );

/** (ŷ − y) / N: the perceptron's rule, and with ŷ = σ(a) the gradient of the binary cross-entropy. */
export const differenceGradient = kernelSource(
  ['output', 'targets'],
  'return (output[row][column] - targets[row][column]) / this.constants.count;',
);

/** Σ max(a, 0) − a·y + ln(1 + e^−|a|) of each row, at [0, row] */
export const rowBinaryCrossEntropies = kernelSource(
  ['a', 'targets'],
  `let sum = 0.0;
  for (let i = 0; i < this.constants.columns; i++) {
    const x = a[column][i];
    sum += Math.max(x, 0.0) - x * targets[column][i] + Math.log(1.0 + Math.exp(-Math.abs(x)));
  }
  return sum;`,
);

/** Σ_j y_j (ln Σ_k e^(a_k − max) + max − a_j) of each row, at [0, row] */
export const rowCrossEntropies = kernelSource(
  ['a', 'targets', 'largest', 'sums'],
  `const logarithm = Math.log(sums[0][column]);
  ${summed('targets[column][i] * (logarithm + (largest[0][column] - a[column][i]))', 'columns')} return sum;`,
);

/** (softmax(a)_j Σ_k y_k − y_j) / N, given softmax(a) and Σ_k y_k of each row */
export const crossEntropyGradient = kernelSource(
  ['output', 'targets', 'mass'],
  'return (output[row][column] * mass[0][row] - targets[row][column]) / this.constants.count;',
);
