import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../engine/backends/reference/reference.ts';
import type { Layer } from '../../../engine/model/schema.ts';
import { Network } from '../../../engine/network/network.ts';
import { GradientProbe } from '../../../engine/training/gradientProbe.ts';

const dense = (id: string, units: number, activation: 'relu' | 'tanh' | 'sigmoid' | 'identity'): Layer => ({
  id,
  type: 'dense',
  units,
  activation,
  initializer: 'zeros',
  bias: true,
  l1: 0,
  l2: 0,
});

/** A network of one input whose parameters are these, row by row, after a step of gradients on two rows. */
function probed(layers: Layer[], parameters: number[][], histograms = false) {
  const network = new Network(referenceBackend, { layers, loss: 'meanSquaredError' }, 1, 2);
  network.parameters.forEach(({ value }, i) => value.values.set(parameters[i] ?? []));
  const probe = new GradientProbe(network);
  network.lossAndGradients(
    { rows: 2, columns: 1, values: Float64Array.from([1, -1]) },
    { rows: 2, columns: 1, values: Float64Array.from([0, 0]) },
  );
  probe.beforeUpdate();
  for (const { value, gradient } of network.parameters)
    value.values.forEach((weight, i) => (value.values[i] = weight - 0.1 * gradient.values[i]!));
  const wishes = { histograms, matrices: [] };
  probe.afterUpdate(2, wishes);
  return probe.read(wishes);
}

describe('the gradient probe', () => {
  it('counts a ReLU node as dead that answers 0 to every row', () => {
    // The first node sees 1 and −1, the second is pushed below 0 for both.
    const [hidden] = probed(
      [dense('hidden', 2, 'relu'), dense('output', 1, 'identity')],
      [[1, 1], [0, -10], [1, 1], [0]],
    );
    expect(hidden).toMatchObject({ layerId: 'hidden', deadShare: 0.5 });
    expect(hidden).not.toHaveProperty('saturatedShare');
  });

  it.each([
    ['tanh', 2.2, 1],
    ['tanh', 2.1, 0],
    ['sigmoid', 4.4, 1],
    ['sigmoid', 4.3, 0],
  ] as const)('counts %s of ±%f as saturated: %f', (activation, sum, share) => {
    const [hidden] = probed([dense('hidden', 1, activation), dense('output', 1, 'identity')], [[sum], [0], [1], [0]]);
    expect(hidden?.saturatedShare).toBe(share);
  });

  it('gives norms of the gradients and the size of the update beside the weight', () => {
    const [output] = probed([dense('output', 1, 'identity')], [[3], [4]]);
    // ŷ = 7 and 1: ∂L/∂w = 7 − 1, ∂L/∂b = 7 + 1.
    expect(output).toEqual({
      layerId: 'output',
      weightGradientNorm: 6,
      biasGradientNorm: 8,
      weightNorm: 3,
      updateRatio: expect.closeTo(0.2, 12) as number,
    });
  });

  it('looks into residual blocks, and draws histograms for whoever asks', () => {
    const block: Layer = { id: 'block', type: 'residual', layers: [dense('inner', 1, 'tanh')] };
    const [inner, output] = probed([block, dense('output', 1, 'identity')], [[1], [0], [2], [0]], true);
    expect(inner?.layerId).toBe('block.inner');
    expect(output?.histograms?.activations.counts.reduce((a, b) => a + b)).toBe(2);
  });
});
