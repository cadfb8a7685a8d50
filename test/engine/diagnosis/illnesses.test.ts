import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../../engine/diagnosis/diagnose.ts';
import { referenceBackend } from '../../../engine/backends/reference/reference.ts';
import { generate } from '../../../engine/data/generators.ts';
import { loadData } from '../../../engine/data/load.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { textEdits, applyTextEdits } from '../../../engine/model/edits.ts';
import { readModelText, requireModel } from '../../../engine/training/readModelFile.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { clinic, csv, deep, hidden, modelOf, output, treated } from './illness.ts';

const { remove, open, write, weights, train } = clinic();
afterAll(remove);

/** What is found, and the text after its first remedy. */
async function examine(text: string, initFile?: string) {
  const { findings } = await diagnose(open(text), initFile);
  return { codes: findings.map(({ code }) => code), cured: treated(text, findings[0]?.remedies?.[0]) };
}

/** Loss and accuracy over the training rows, at the end of a training. */
async function trained(text: string, initFile?: string) {
  const { reason, metrics } = await train(text, initFile);
  return { reason, loss: metrics.train?.loss ?? Infinity, accuracy: metrics.train?.accuracy ?? 0 };
}

/** A layer's weights, all drawn by hand. */
const tensor = (rows: number, columns: number, value: (i: number) => number) => ({
  shape: [rows, columns],
  values: Float64Array.from({ length: rows * columns }, (_, i) => value(i)),
});
const vector = (length: number, value: number) => ({ shape: [length], values: new Float64Array(length).fill(value) });
/** Numbers between −1 and 1 that look drawn. */
const scattered = (i: number) => Math.sin(12.9898 * (i + 1) * (i + 2));

const moonRows = 150;
const moons = generate('moons', 200, 0.1, 3);
const csvSource = (path: string) => ({
  data: {
    source: { kind: 'csv', path, target: 'label' },
    split: { validation: 0.25 },
    normalization: 'none',
  },
});

describe('a planted illness is named before the training, and its first remedy mends it', () => {
  it.each([8, 12, 16])('%i sigmoid layers: the gradient vanishes', async count => {
    const text = modelOf({ layers: deep(count, 8, 'sigmoid'), training: { epochs: 200, batchSize: 16 } });
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['vanishing-gradient']);
    expect(cured).toContain('residual');
    expect((await trained(text)).accuracy).toBeLessThan(0.6);
    expect((await trained(cured)).accuracy).toBeGreaterThan(0.8);
  });

  it('weights of 0: every node of a layer stays the same', async () => {
    const text = modelOf({ layers: deep(2, 8, 'tanh', { initializer: 'zeros' }) });
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['zero-weights']);
    expect((await trained(text)).accuracy).toBeLessThan(0.6);
    expect((await trained(cured)).accuracy).toBeGreaterThan(0.95);
  });

  it.each([
    ['adam', 0.01],
    ['rmsprop', 0.01],
    ['sgd', 0.2],
    ['momentum', 0.1],
  ])('a learning rate of 100 times what suits %s', async (type, suitable) => {
    const regression = {
      data: {
        source: { kind: 'generator', name: 'plane', samples: 200, noise: 0.05 },
        split: { validation: 0.25 },
      },
      layers: [hidden('hidden1', 8, 'tanh'), hidden('output', 1, 'identity')],
      loss: 'meanSquaredError',
    };
    const text = modelOf({ ...regression, optimizer: { type, learningRate: 100 * suitable } });
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['learning-rate']);
    const [before, after] = [await trained(text), await trained(cured)];
    expect(after.loss).toBeLessThan(0.01);
    expect(before.loss).toBeGreaterThan(10 * after.loss);
  });

  it('ReLU nodes dead by a bias of −10', async () => {
    const text = modelOf({ layers: deep(2, 8, 'relu', { initializer: 'heUniform' }) });
    const file = weights('dead.safetensors', {
      'hidden1.weight': tensor(8, 2, scattered),
      'hidden1.bias': vector(8, -10),
      'hidden2.weight': tensor(8, 8, scattered),
      'hidden2.bias': vector(8, 0),
      'output.weight': tensor(1, 8, scattered),
      'output.bias': vector(1, 0),
    });
    const { codes, cured } = await examine(text, file);
    expect(codes).toEqual(['dead-units']);
    expect((await trained(text, file)).accuracy).toBeLessThan(0.6);
    // From the same weights: a leaky node recovers.
    const longer = cured.replace('"epochs": 200', '"epochs": 600');
    expect((await trained(longer, file)).accuracy).toBeGreaterThan(0.9);
  });

  it('inputs of 10⁴ that nobody has normalised', async () => {
    const rows = moons.map(({ features: [x = 0, y = 0], target }) => [x * 1e4, y * 1e4, target]);
    write('large.csv', csv(['x', 'y', 'label'], rows));
    const text = modelOf(csvSource('large.csv'));
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['unnormalized-inputs']);
    const [before, after] = [await trained(text), await trained(cured)];
    expect(before.accuracy).toBeLessThan(0.95);
    expect(after.accuracy).toBeGreaterThan(0.98);
    expect(after.loss).toBeLessThan(before.loss / 3);
  });

  it('softmax under a loss for two classes', async () => {
    const text = modelOf({ layers: [hidden('hidden1', 8, 'tanh'), hidden('output', 1, 'softmax')] });
    const { model, issues } = parseModel(text);
    expect(model).toBeUndefined();
    expect(issues.map(({ code }) => code)).toEqual(['loss-activation']);
    const { path = [], value = '' } = issues[0]?.fix ?? {};
    const cured = applyTextEdits(text, textEdits(text, { kind: 'setValue', path: [...path], value }));
    expect((await trained(cured)).accuracy).toBeGreaterThan(0.95);
  });

  it('tanh nodes saturated by huge weights', async () => {
    const text = modelOf({ layers: deep(3, 8, 'tanh', { initializer: 'normal' }) });
    const file = weights('huge.safetensors', {
      'hidden1.weight': tensor(8, 2, i => 100 * scattered(i)),
      'hidden1.bias': vector(8, 0),
      'hidden2.weight': tensor(8, 8, i => 100 * scattered(i)),
      'hidden2.bias': vector(8, 0),
      'hidden3.weight': tensor(8, 8, i => 100 * scattered(i)),
      'hidden3.bias': vector(8, 0),
      'output.weight': tensor(1, 8, scattered),
      'output.bias': vector(1, 0),
    });
    const { codes, cured } = await examine(text, file);
    expect(codes).toEqual(['saturated-units']);
    const [before, after] = [await trained(text, file), await trained(cured)];
    expect(after.accuracy).toBeGreaterThan(0.98);
    expect(after.loss).toBeLessThan(before.loss / 3);
  });

  it('a column that gives the label away', async () => {
    const table = (leak: (target: number) => number) =>
      csv(
        ['x', 'y', 'code', 'label'],
        moons.map(({ features: [x = 0, y = 0], target }) => [x, y, leak(target), target]),
      );
    write(
      'leak.csv',
      table(target => 3 + 4 * target),
    );
    // In use nobody knows the label yet, so the column says nothing.
    write(
      'honest.csv',
      table(() => 3),
    );
    const text = modelOf(csvSource('leak.csv'));
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['leaking-column']);
    expect(await accuracyInUse(text)).toBeLessThan(0.7);
    expect(await accuracyInUse(cured)).toBeGreaterThan(0.95);
  });

  it('a column that never changes', async () => {
    const rows = moons.map(({ features: [x = 0, y = 0], target }) => [x, y, 20, target]);
    write('constant.csv', csv(['x', 'y', 'year', 'label'], rows));
    const text = modelOf({ ...csvSource('constant.csv'), optimizer: { type: 'sgd', learningRate: 0.5 } });
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['constant-column']);
    const [before, after] = [await trained(text), await trained(cured)];
    expect(after.loss).toBeLessThan(before.loss / 2);
  });

  it('a class that is rare', async () => {
    let rare = 0;
    const rows = generate('circles', 400, 0, 5).flatMap(({ features, target }) =>
      target === 1 || rare++ < 5 ? [[...features, target]] : [],
    );
    write('rare.csv', csv(['x', 'y', 'label'], rows));
    const text = modelOf({ ...csvSource('rare.csv'), seed: 3 });
    const { codes, cured } = await examine(text);
    expect(codes).toEqual(['class-imbalance']);
    const rareInValidation = async (given: string) => {
      const { split, targets } = await loadData(open(given));
      return split.validation.filter(row => targets.values[row] === 0).length;
    };
    expect([await rareInValidation(text), await rareInValidation(cured)]).toEqual([0, 1]);
  });
});

/** Accuracy of a network trained on `leak.csv` where the leaking column is not known. */
async function accuracyInUse(text: string): Promise<number> {
  const given = open(text);
  const session = new TrainingSession(given, await loadData(given), referenceBackend);
  const steps = given.model.training.epochs * session.plan.stepsPerEpoch;
  while (session.step < steps) {
    session.forwardBackward();
    session.update();
  }
  const { features, targets } = await loadData(open(text.replace('leak.csv', 'honest.csv')));
  const answers = session.network.forward({ ...features, rows: moonRows }).values;
  let right = 0;
  for (let i = 0; i < moonRows; i++) if ((answers[i] ?? 0) > 0.5 === (targets.values[i] === 1)) right++;
  return right / moonRows;
}

describe('a healthy model raises nothing', () => {
  const layers = (units: number, activation: string, initializer: string, count = 2) =>
    deep(count, units, activation, { initializer });
  it.each([
    ['two small tanh layers', {}],
    ['eight ReLU layers with He’s weights', { layers: layers(16, 'relu', 'heUniform', 8) }],
    ['eight tanh layers with Glorot’s weights', { layers: layers(16, 'tanh', 'glorotUniform', 8) }],
    ['three sigmoid layers', { layers: layers(8, 'sigmoid', 'glorotUniform', 3) }],
    ['plain gradient descent', { optimizer: { type: 'sgd', learningRate: 0.5 }, training: { batchSize: 'full' } }],
    ['momentum', { optimizer: { type: 'momentum', learningRate: 0.05 } }],
    ['RMSProp', { optimizer: { type: 'rmsprop', learningRate: 0.01 } }],
    ['AdaGrad at its usual rate', { optimizer: { type: 'adagrad', learningRate: 0.1 } }],
    [
      'dropout and norms',
      {
        layers: [
          hidden('hidden1', 16, 'relu', { initializer: 'heNormal' }),
          { id: 'norm1', type: 'batchNorm' },
          { id: 'drop1', type: 'dropout', rate: 0.2 },
          { id: 'block1', type: 'residual', layers: [hidden('inner', 16, 'gelu'), { id: 'norm', type: 'layerNorm' }] },
          output,
        ],
      },
    ],
    [
      'a regression',
      {
        data: { source: { kind: 'generator', name: 'multiGaussian', samples: 300, noise: 0.02 } },
        layers: [hidden('hidden1', 16, 'silu'), hidden('output', 1, 'identity')],
        loss: 'huber',
      },
    ],
  ])('%s', async (_, change) => {
    expect((await diagnose(open(modelOf(change)))).findings).toEqual([]);
  });
});

const examples = path.resolve(import.meta.dirname, '../../../examples');
it.each(readdirSync(examples).filter(name => name.endsWith('.mlp.json')))(
  'the example %s raises nothing',
  async name => {
    const file = path.join(examples, name);
    expect((await diagnose(requireModel(readModelText(file), file))).findings).toEqual([]);
  },
);
