import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { predictionsEventSchema, type PredictionsEvent } from '../../../engine/protocol/predictions.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');

/** The last predictions of a training on this source, and how it ended. */
async function look(model: object) {
  const text = JSON.stringify({ version: 1, ...model });
  let last: PredictionsEvent | undefined;
  const trainer = await Trainer.create({
    source: requireModel(text, path.join(examples, 'test.mlp.json')),
    wantsGradients: () => false,
    wantsPredictions: () => true,
    emit: event => {
      if (event.event === 'predictions') last = predictionsEventSchema.parse(event);
    },
  });
  const end = await trainer.run();
  if (!last) throw new Error('Nothing was predicted.');
  return { predictions: last, end };
}

const dense = (units: number, activation: string) => ({
  id: `l${units}${activation}`,
  type: 'dense',
  units,
  activation,
});
const iris = { kind: 'csv', path: 'data/iris.csv', target: 'label' };

describe('predictions for whoever looks', () => {
  it('show the plane of two inputs, in the units of the data, and the confusion that the metrics tell', async () => {
    const { predictions, end } = await look({
      data: { source: { kind: 'generator', name: 'gaussians', samples: 100 } },
      layers: [dense(1, 'sigmoid')],
      loss: 'binaryCrossEntropy',
      training: { epochs: 30 },
      optimizer: { type: 'adam', learningRate: 0.1 },
    });
    const { boundary, confusion, points } = predictions;
    expect(boundary?.axes).toEqual(['x1', 'x2']);
    expect(confusion).toEqual(end.metrics.validation?.confusion);
    expect(points).toHaveLength(100);
    // The clouds stand lower left and upper right.
    expect(boundary?.classes[0]).toBe(0);
    expect(boundary?.classes.at(-1)).toBe(1);
    expect(boundary?.values.at(-1)).toBeGreaterThan(0.9);
    expect(Math.min(...(points ?? []).map(({ x }) => x))).toBeGreaterThan(boundary?.xMin ?? NaN);
  });

  it('show the plane of x1 and x2 where the inputs are computed of them', async () => {
    const { predictions } = await look({
      data: {
        source: { kind: 'generator', name: 'xor', samples: 200, noise: 0, features: ['x1*x2'] },
        split: { validation: 0.3 },
      },
      layers: [dense(1, 'sigmoid')],
      loss: 'binaryCrossEntropy',
      training: { epochs: 60 },
      optimizer: { type: 'adam', learningRate: 0.1 },
    });
    const { boundary, points = [], featureNames, mistakes } = predictions;
    expect(boundary?.axes).toEqual(['x1', 'x2']);
    expect(featureNames).toEqual(['x1*x2']);
    expect(points).toHaveLength(200);
    // One weight on the product parts the opposite corners, which no weights on x1 and x2 could.
    const side = boundary?.columns ?? 0;
    const corners = [0, side - 1, side * (side - 1), side * side - 1].map(i => boundary?.classes[i]);
    expect(corners).toEqual([0, 1, 1, 0]);
    expect(mistakes).toEqual([]);
  });

  it('name the mistakes, the surest first, as the rows stand in the file', async () => {
    const { predictions, end } = await look({
      data: { source: iris, split: { validation: 0.3 } },
      layers: [dense(3, 'softmax')],
      loss: 'crossEntropy',
      training: { epochs: 2 },
    });
    const { mistakes = [], confusion, classNames, boundary } = predictions;
    expect(confusion).toEqual(end.metrics.validation?.confusion);
    expect(classNames).toHaveLength(3);
    expect(boundary).toBeUndefined();
    expect(mistakes.length).toBeGreaterThan(2);
    const probabilities = mistakes.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    // Lengths of leaves in centimetres with one decimal.
    for (const value of mistakes[0]?.features ?? [])
      expect(Math.abs(value * 10 - Math.round(value * 10))).toBeLessThan(1e-9);
  });

  it('set predicted against true numbers of a regression', async () => {
    const { predictions, end } = await look({
      data: { source: { kind: 'generator', name: 'plane', samples: 80, noise: 0 }, split: { validation: 0.5 } },
      layers: [dense(1, 'identity')],
      loss: 'meanSquaredError',
      training: { epochs: 100 },
      optimizer: { type: 'adam', learningRate: 0.05 },
    });
    const { fit = [], boundary } = predictions;
    expect(fit).toHaveLength(40);
    const error = fit.reduce((sum, { actual, predicted }) => sum + Math.abs(actual - predicted), 0) / 40;
    // The network learned from float32 targets; what is shown are the file's numbers.
    expect(error).toBeCloseTo(end.metrics.validation?.meanAbsoluteError ?? NaN, 7);
    expect(boundary?.classes).toEqual([]);
  });
});
