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
