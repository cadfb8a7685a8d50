import { scalarActivations } from '../../engine/model/activations.ts';
import type { Activation } from '../../engine/model/layerFields.ts';

/** The part of an activation worth drawing: a from −4 to 4. */
export const shownSpan = 4;

/** σ(a) and σ′(a); softmax of one sum among equals looks like the sigmoid. */
export function activationAt(
  activation: Activation,
  a: number,
): { readonly value: number; readonly derivative: number } {
  const { value, derivative } = scalarActivations[activation === 'softmax' ? 'sigmoid' : activation];
  const z = value(a);
  return { value: z, derivative: derivative(a, z) };
}

/** The values an activation takes on the shown span. */
export function valueRange(activation: Activation): { readonly low: number; readonly high: number } {
  switch (activation) {
    case 'identity':
      return { low: -shownSpan, high: shownSpan };
    case 'relu':
    case 'leakyRelu':
    case 'elu':
    case 'gelu':
    case 'silu':
      return { low: -1, high: shownSpan };
    case 'softplus':
      return { low: 0, high: shownSpan + 0.1 };
    case 'tanh':
      return { low: -1, high: 1 };
    case 'step':
    case 'sigmoid':
    case 'softmax':
      return { low: 0, high: 1 };
  }
}

/** σ as a path in a box of this size. */
export const curveOf = (activation: Activation, width: number, height: number): string =>
  pathOf(activation, width, height, 'value');

/** σ or σ′ as a path, both in the scale of σ. */
export function pathOf(activation: Activation, width: number, height: number, of: 'value' | 'derivative'): string {
  const { low, high } = valueRange(activation);
  const steps = 64;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = -shownSpan + (2 * shownSpan * i) / steps;
    const x = (width * i) / steps;
    const y = height * (1 - (activationAt(activation, a)[of] - low) / (high - low));
    return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
}
