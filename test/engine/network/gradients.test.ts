import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../engine/backends/reference/reference.ts';
import { Random } from '../../../engine/data/random.ts';
import { isRegression, losses, type LossName } from '../../../engine/model/dataFields.ts';
import { activations, layerTypes, type Activation, type LayerType } from '../../../engine/model/layerFields.ts';
import type { Layer } from '../../../engine/model/schema.ts';
import { Network } from '../../../engine/network/network.ts';
import type { Matrix } from '../../../engine/backends/backend.ts';

/** A hidden layer may have any activation that lets a gradient through. */
const hidden = activations.filter(name => name !== 'step' && name !== 'softmax');
const pairs = losses.flatMap(loss => hidden.map(activation => [loss, activation] as const));

const lastActivation: Partial<Record<LossName, Activation>> = {
  binaryCrossEntropy: 'sigmoid',
  crossEntropy: 'softmax',
};

interface Shape {
  readonly seed: number;
  readonly batch: number;
  readonly inputs: number;
  readonly units: readonly number[];
  readonly outputs: number;
  readonly penalty: number;
}

const shapes = fc.record<Shape>({
  seed: fc.nat(1_000_000),
  batch: fc.integer({ min: 1, max: 6 }),
  inputs: fc.integer({ min: 1, max: 5 }),
  units: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  outputs: fc.integer({ min: 1, max: 4 }),
  penalty: fc.constantFrom(0, 0.01, 0.5),
});

function randomMatrix(rows: number, columns: number, random: Random): Matrix {
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, () => random.normal()) };
}

/** Targets that the loss can have: numbers, flags, or one class a row. */
function targetsFor(loss: LossName, batch: number, outputs: number, random: Random): Matrix {
  if (isRegression(loss)) return randomMatrix(batch, outputs, random);
  const values = new Float64Array(batch * outputs);
  for (let row = 0; row < batch; row++)
    if (loss === 'crossEntropy') values[row * outputs + random.below(outputs)] = 1;
    else for (let i = 0; i < outputs; i++) values[row * outputs + i] = random.below(2);
  return { rows: batch, columns: outputs, values };
}

const dense = (id: string, units: number, activation: Activation, penalty: number): Layer => ({
  id,
  type: 'dense',
  units,
  activation,
  initializer: 'glorotNormal',
  bias: true,
  l1: penalty,
  l2: penalty,
});

/** What stands after a hidden layer of so many units. */
type After = (id: string, units: number, activation: Activation, penalty: number) => Layer[];

const otherLayers: Record<Exclude<LayerType, 'dense'>, After> = {
  dropout: id => [{ id: `${id}drop`, type: 'dropout', rate: 0.4 }],
  batchNorm: id => [{ id: `${id}norm`, type: 'batchNorm', momentum: 0.1, epsilon: 1e-3 }],
  layerNorm: id => [{ id: `${id}norm`, type: 'layerNorm', epsilon: 1e-3 }],
  residual: (id, units, activation, penalty) => [
    {
      id: `${id}block`,
      type: 'residual',
      layers: [
        dense('wide', units + 2, activation, penalty),
        { id: 'inside', type: 'residual', layers: [dense('same', units + 2, activation, penalty)] },
        { id: 'norm', type: 'layerNorm', epsilon: 1e-3 },
        { id: 'drop', type: 'dropout', rate: 0.2 },
        dense('back', units, 'identity', penalty),
      ],
    },
  ],
};

/** ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) over all parameters, ĝ by central differences; the best of three step sizes for each, since some losses have kinks. */
function relativeError(loss: LossName, activation: Activation, shape: Shape, after: After = () => []): number {
  const { seed, batch, inputs, units, outputs, penalty } = shape;
  const random = new Random(seed, 'initializer');
  const layers = [
    ...units.flatMap((count, i) => [
      dense(`hidden${i}`, count, activation, penalty),
      ...after(`hidden${i}`, count, activation, penalty),
    ]),
    dense('output', outputs, lastActivation[loss] ?? 'identity', penalty),
  ];
  const network = new Network(referenceBackend, { layers, loss }, inputs, batch);
  network.initialize(random);
  // Biases start at 0, where ReLU of a dead input has its kink.
  for (const { value } of network.parameters)
    value.values.forEach((weight, i) => (value.values[i] = weight + 0.1 * random.normal()));
  const input = randomMatrix(batch, inputs, random);
  const targets = targetsFor(loss, batch, outputs, random);
  network.drawMasks(random, batch);
  network.lossAndGradients(input, targets);
  let difference = 0;
  let size = 0;
  for (const { value, gradient } of network.parameters) {
    const analytic = gradient.values.slice();
    analytic.forEach((g, i) => {
      const weight = value.values[i] ?? 0;
      const totalAt = (moved: number) => {
        value.values[i] = moved;
        return network.evaluate(input, targets, 'train').loss + network.penalty;
      };
      const numeric = [1e-5, 1e-6, 1e-4]
        .map(h => (totalAt(weight + h) - totalAt(weight - h)) / (2 * h))
        .reduce((best, candidate) => (Math.abs(candidate - g) < Math.abs(best - g) ? candidate : best));
      value.values[i] = weight;
      difference += (numeric - g) ** 2;
      size += g * g + numeric * numeric;
    });
  }
  return size > 1e-16 ? Math.sqrt(difference / size) : Math.sqrt(difference);
}

describe('backpropagation equals central differences, whatever the shape', () => {
  it.each(pairs)('for %s behind %s layers', (loss, activation) => {
    fc.assert(
      fc.property(shapes, shape => {
        expect(relativeError(loss, activation, shape)).toBeLessThan(1e-6);
      }),
      // Some losses and activations have kinks, which a drawn weight could hit: the draws are always the same.
      { numRuns: 20, seed: 1 },
    );
  });

  it.each(
    layerTypes.flatMap(type =>
      type === 'dense' ? [] : pairs.map(([loss, activation]) => [type, loss, activation] as const),
    ),
  )('through %s, for %s behind %s layers', (type, loss, activation) => {
    fc.assert(
      fc.property(shapes, shape => {
        // One row is its own mean: every gradient through its batch norm is 0, and rounding all that is left.
        const batch = type === 'batchNorm' ? shape.batch + 2 : shape.batch;
        expect(relativeError(loss, activation, { ...shape, batch }, otherLayers[type])).toBeLessThan(1e-6);
      }),
      { numRuns: 8, seed: 1 },
    );
  });
});
