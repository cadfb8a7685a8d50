import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../engine/export/safetensors.ts';
import { predictCsv } from '../../../engine/training/predict.ts';
import { Workshop } from '../data/workshop.ts';

let workshop: Workshop;
let weights: string;

beforeAll(() => {
  workshop = new Workshop();
  workshop.write('train.csv', 'x,colour,y\n1,red,1\n2,blue,2\n6,blue,3\n');
  // Inputs: x, colour=blue, colour=red.
  weights = workshop.write(
    'w.safetensors',
    encodeSafetensors(
      new Map([
        ['output.weight', { shape: [1, 3], values: new Float64Array([1, 100, 1000]) }],
        ['output.bias', { shape: [1], values: new Float64Array([0]) }],
      ]),
    ),
  );
});
afterAll(() => workshop.dispose());

const predict = async (missing: string, csv: string) => {
  const source = { kind: 'csv', path: 'train.csv', target: 'y', missing };
  const data = { source, split: { validation: 0 }, normalization: 'none' };
  const given = workshop.model(data, { loss: 'meanSquaredError' });
  const predictions = await predictCsv(given, weights, workshop.write('input.csv', csv));
  return predictions.map(({ outputs }) => outputs['y']);
};

describe('a prediction of features of a plane', () => {
  it('is computed of the columns x1 and x2, wherever they stand', async () => {
    const features = ['x1*x2', 'sin(x1)', 'x2'];
    const data = { source: { kind: 'generator', name: 'plane', features }, normalization: 'none' };
    const given = workshop.model(data, { loss: 'meanSquaredError' });
    const predictions = await predictCsv(given, weights, workshop.write('plane.csv', 'x2,other,x1\n3,a,2\n-1,b,0.5\n'));
    const expected = [
      [2, 3],
      [0.5, -1],
    ].map(([x1 = 0, x2 = 0]) => x1 * x2 + 100 * Math.sin(x1) + 1000 * x2);
    predictions.forEach(({ outputs }, row) => expect(outputs['y']).toBeCloseTo(expected[row] ?? NaN, 3));
    await expect(predictCsv(given, weights, workshop.write('half.csv', 'x1\n2\n'))).rejects.toMatchObject({
      message: expect.stringContaining('"x2"') as string,
    });
  });
});

describe('a prediction', () => {
  it('finds its columns by name, in any order, and needs no target', async () => {
    expect(await predict('error', 'colour,other,x\nred,?,5\nblue,,7\n')).toEqual([1005, 107]);
  });

  it('fills a missing value as the training did', async () => {
    expect(await predict('mean', 'x,colour\n,red\n5,\nNA,blue\n')).toEqual([1003, 105, 103]);
  });

  it.each(['error', 'dropRow'])('has no answer for a row without a value under %s, and says which', async missing => {
    await expect(predict(missing, 'x,colour\n1,red\n,red\n')).rejects.toMatchObject({
      code: 'invalid-data',
      place: { line: 3, column: 1 },
    });
  });

  it('refuses a category that the training never saw', async () => {
    await expect(predict('mean', 'x,colour\n1,red\n2,green\n3,pink\n')).rejects.toMatchObject({
      message: expect.stringContaining('"green" is none of the categories blue, red') as string,
      place: { line: 3, column: 2 },
    });
  });
});
