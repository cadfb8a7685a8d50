import { scalarActivations } from '../../model/activations.ts';
import type { Activation } from '../../model/layerFields.ts';
import type { Matrix } from '../backend.ts';
import { softmaxRow } from './softmax.ts';

/** output ← σ(preActivation), both [batch, n]. */
export function activate(activation: Activation, preActivation: Matrix, output: Matrix): void {
  const { rows, columns, values } = preActivation;
  if (activation === 'softmax') {
    for (let row = 0; row < rows; row++) softmaxRow(values, row * columns, columns, output.values);
    return;
  }
  const { value } = scalarActivations[activation];
  for (let i = 0; i < rows * columns; i++) output.values[i] = value(values[i] ?? 0);
}

/**
 *     ∂L/∂a = ∂L/∂z ⊙ σ′(a)        softmax: ∂L/∂a_j = z_j (∂L/∂z_j − Σ_k ∂L/∂z_k z_k)
 *
 * The gradient may be written over `outputGradient`.
 */
export function activationGradient(
  activation: Activation,
  preActivation: Matrix,
  output: Matrix,
  outputGradient: Matrix,
  preActivationGradient: Matrix,
): void {
  const { rows, columns } = preActivation;
  if (activation === 'softmax') {
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      let mean = 0;
      for (let i = start; i < start + columns; i++) mean += (outputGradient.values[i] ?? 0) * (output.values[i] ?? 0);
      for (let i = start; i < start + columns; i++)
        preActivationGradient.values[i] = (output.values[i] ?? 0) * ((outputGradient.values[i] ?? 0) - mean);
    }
    return;
  }
  const { derivative } = scalarActivations[activation];
  for (let i = 0; i < rows * columns; i++)
    preActivationGradient.values[i] =
      (outputGradient.values[i] ?? 0) * derivative(preActivation.values[i] ?? 0, output.values[i] ?? 0);
}
