import { kernelSource, summed } from './kernelSource.ts';

/** destination[i, :] ← source[rows[i], :] */
export const gather = kernelSource(['source', 'rows'], 'return source[rows[0][row]][column];');

/** preActivation[batch, outputs] ← input · weightᵀ + bias */
export const denseForward = kernelSource(
  ['input', 'weight', 'bias'],
  `${summed('input[row][i] * weight[column][i]', 'inputs', 'bias[0][column]')} return sum;`,
);

export const denseForwardWithoutBias = kernelSource(
  ['input', 'weight'],
  `${summed('input[row][i] * weight[column][i]', 'inputs')} return sum;`,
);

/** inputGradient[batch, inputs] ← preActivationGradient · weight */
export const denseInputGradient = kernelSource(
  ['gradient', 'weight'],
  `${summed('gradient[row][i] * weight[i][column]', 'outputs')} return sum;`,
);

/** weightGradient[outputs, inputs] ← preActivationGradientᵀ · input */
export const denseWeightGradient = kernelSource(
  ['gradient', 'input'],
  `${summed('gradient[i][row] * input[i][column]', 'batch')} return sum;`,
);
