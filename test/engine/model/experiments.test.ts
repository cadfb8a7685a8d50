import { describe, expect, it } from 'vitest';
import {
  batchSizeOf,
  contestant,
  contestantNamed,
  contestantNames,
} from '../../../engine/model/experiments/contestants.ts';
import { bestRate, candidateRates, tuningEpochs } from '../../../engine/model/experiments/learningRates.ts';
import { gridVariants, randomVariants, readAxis } from '../../../engine/model/experiments/sweep.ts';
import { textWith } from '../../../engine/model/experiments/variant.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { Model } from '../../../engine/model/schema.ts';
import { changed, modelText } from './modelText.ts';

function parsed(text = modelText): Model {
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message ?? 'no model');
  return model;
}

describe('contestants', () => {
  it.each(contestantNames)(
    '%s makes a model that can be trained, and changes nothing but optimizer and batches',
    name => {
      const model = parsed(textWith(modelText, contestant(name, parsed(), 0.5).settings));
      expect(model.optimizer.learningRate).toBe(0.5);
      expect(model.training.batchSize).toBe(batchSizeOf(name, parsed()));
      const { optimizer, training } = parsed();
      expect({ ...model, optimizer, training: { ...training, batchSize: model.training.batchSize } }).toEqual({
        ...parsed(),
        training: { ...training, batchSize: model.training.batchSize },
      });
    },
  );

  it('gradient descent, its stochastic and its minibatch form differ in their batches alone', () => {
    const batches = (['gradientDescent', 'stochastic', 'minibatch'] as const).map(name => batchSizeOf(name, parsed()));
    expect(batches).toEqual(['full', 1, 16]);
    expect(batchSizeOf('minibatch', parsed(changed('"batchSize": 16', '"batchSize": "full"')))).toBe(32);
  });

  it('the model’s own optimizer keeps its settings and its text', () => {
    const text = changed('"learningRate": 0.01', '"learningRate": 0.01, "beta1": 0.8');
    const { settings } = contestant('adam', parsed(text), 0.02);
    expect(settings).toEqual([{ path: ['optimizer', 'learningRate'], value: 0.02 }]);
    expect(textWith(text, settings)).toBe(text.replace('0.01, "beta1"', '0.02, "beta1"'));
  });

  it('another optimizer takes the defaults of the model’s form', () => {
    const text = changed('"learningRate": 0.01', '"learningRate": 0.01, "form": "pytorch"');
    const model = parsed(textWith(text, contestant('rmsprop', parsed(text)).settings));
    expect(model.optimizer).toMatchObject({ type: 'rmsprop', form: 'pytorch', learningRate: 0.001, decayRate: 0.99 });
  });

  it('a name that is almost right is answered with the right one', () => {
    expect(() => contestantNamed('adan')).toThrow('There is no optimizer "adan". Did you mean "adam"?');
  });
});

describe('the learning-rate range test', () => {
  it('takes the rate of the lowest loss, the smaller of equal ones, and none that diverged', () => {
    expect(bestRate([{ learningRate: 1 }, { learningRate: 0.1, loss: 0.2 }, { learningRate: 0.01, loss: 0.3 }])).toBe(
      0.1,
    );
    expect(
      bestRate([
        { learningRate: 0.1, loss: 0.2 },
        { learningRate: 0.01, loss: 0.2 },
      ]),
    ).toBe(0.01);
    expect(bestRate(candidateRates.map(learningRate => ({ learningRate })))).toBeUndefined();
  });

  it('has rates of 1, 2 and 5 times each power of ten, and a budget that no model exceeds', () => {
    expect(candidateRates).toEqual([1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
    const epochs = [1, 10, 60, 1000].map(count => tuningEpochs(parsed(changed('"epochs": 10', `"epochs": ${count}`))));
    expect(epochs).toEqual([1, 5, 12, 20]);
  });
});

describe('sweeps', () => {
  const settings = (variants: ReturnType<typeof gridVariants>) =>
    variants.map(variant => variant.settings.map(({ value }) => value));

  it('a grid tries every combination, the last field running fastest', () => {
    const axes = [readAxis('layers[0].units=4,8'), readAxis('layers[0].activation=relu,"tanh"')];
    const variants = gridVariants(axes);
    expect(settings(variants)).toEqual([
      [4, 'relu'],
      [4, 'tanh'],
      [8, 'relu'],
      [8, 'tanh'],
    ]);
    expect(variants[3]?.settings[0]?.path).toEqual(['layers', 0, 'units']);
    expect(new Set(variants.map(({ name }) => name)).size).toBe(4);
  });

  it.each([
    ['a=log:1e-4..1e-1', [1e-4, 1e-3, 1e-2, 1e-1]],
    ['a=log:1..100:5', [1, 3.162, 10, 31.62, 100]],
    ['a=linear:0..1', [0, 0.25, 0.5, 0.75, 1]],
    ['a=int:1..3', [1, 2, 3]],
    ['a={"by":"norm","limit":1},[1,2],x', [{ by: 'norm', limit: 1 }, [1, 2], 'x']],
  ])('%s has its values', (text, values) => {
    expect(settings(gridVariants([readAxis(text)])).map(([value]) => value)).toEqual(values);
  });

  it('the same seed draws the same random values, each within its range', () => {
    const axes = [readAxis('a=log:1e-4..1'), readAxis('b=int:2..5'), readAxis('c=x,y')];
    const drawn = randomVariants(axes, 200, 7);
    expect(randomVariants(axes, 200, 7)).toEqual(drawn);
    expect(randomVariants(axes, 200, 8)).not.toEqual(drawn);
    const column = (i: number) => settings(drawn).map(values => values[i]);
    const rates = column(0) as number[];
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1);
    // Even on the logarithmic scale: half of them below the middle of the decades.
    expect(rates.filter(rate => rate < 1e-2).length).toBeGreaterThan(70);
    expect([...new Set(column(1))].sort()).toEqual([2, 3, 4, 5]);
    expect([...new Set(column(2))].sort()).toEqual(['x', 'y']);
  });

  it.each([
    ['optimizer.learningRate', 'needs path=values'],
    ['a=', 'needs path=values'],
    ['a=log:0..1', 'is no range'],
    ['a=log:1..0.1', 'is no range'],
    ['a=cubic:1..2', 'is no range'],
    ['a=linear:1..2:1', 'at least 2 points'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => readAxis(text)).toThrow(message);
  });

  it('a field swept twice and a grid too large are refused before anything runs', () => {
    expect(() => gridVariants([readAxis('a=1,2'), readAxis('a=3')])).toThrow('"a" is swept twice');
    expect(() => gridVariants([readAxis('a=int:1..100:100'), readAxis('b=int:1..11:11')])).toThrow('1100 runs');
    expect(() => randomVariants([readAxis('a=1')], 1001, 1)).toThrow('1001 runs');
  });
});
