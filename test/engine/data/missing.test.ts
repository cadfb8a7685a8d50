import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
  workshop.write('data.csv', 'x,colour,y\n1,red,a\n,red,b\n3,,a\n4,blue,b\n8,red,\n6,blue,a\n');
});
afterAll(() => workshop.dispose());

const source = (missing: string, path = 'data.csv') => ({ kind: 'csv', path, target: 'y', missing });
const none = { split: { validation: 0 }, normalization: 'none' };

describe('a missing value', () => {
  it('is an error unless the model says otherwise, at its cell', async () => {
    await expect(workshop.load({ source: source('error'), ...none })).rejects.toMatchObject({
      code: 'invalid-data',
      place: { line: 3, column: 1 },
    });
  });

  it.each(['NA', 'N/A', 'NaN', 'nan', 'null', '?', '', ' '])('is %j in a column of numbers', async cell => {
    workshop.write('words.csv', `x,y\n1,a\n${cell},b\n5,a\n`);
    await expect(workshop.load({ source: source('error', 'words.csv'), ...none })).rejects.toMatchObject({
      place: { line: 3, column: 1 },
    });
    const { features } = await workshop.load({ source: source('mean', 'words.csv'), ...none });
    expect([...features.values]).toEqual([1, 3, 5]);
  });

  it('is a category like any other where words stand among words', async () => {
    workshop.write('categories.csv', 'x,y\nNA,a\nDE,b\n?,a\n');
    const { featureNames } = await workshop.load({ source: source('error', 'categories.csv'), ...none });
    expect(featureNames).toEqual(['x=?', 'x=DE', 'x=NA']);
  });

  it('takes its row out of every part under dropRow, and the others keep their numbers', async () => {
    const { split, missing, features, targets } = await workshop.load({ source: source('dropRow'), ...none });
    expect([...split.train]).toEqual([0, 3, 5]);
    expect(missing).toEqual({ droppedRows: 3, filledCells: 0, fill: undefined });
    expect(features.rows).toBe(6);
    expect([...split.train].map(row => targets.values[row])).toEqual([0, 1, 0]);
  });

  it('is no part of the scaling when its row is dropped', async () => {
    const { features, split } = await workshop.load({ source: source('dropRow'), split: { validation: 0 } });
    const column = [...split.train].map(row => features.values[row * features.columns] ?? NaN);
    expect(column.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
    expect(column.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(3, 12);
  });

  it('becomes the mean of the training rows, a category the most frequent of them', async () => {
    workshop.write('full.csv', 'x,colour,y\n1,red,a\n,red,b\n3,,a\n4,blue,b\n100,blue,a\n200,blue,b\n');
    workshop.write('split.json', '{ "train": [0, 1, 2, 3], "validation": [4, 5] }');
    const { features, missing } = await workshop.load({
      source: source('mean', 'full.csv'),
      split: { file: 'split.json' },
      normalization: 'none',
    });
    // Columns: x, colour=blue, colour=red. 8/3 is the mean of 1, 3 and 4; validation rows do not count.
    expect([...features.values.subarray(3, 9)]).toEqual([8 / 3, 0, 1, 3, 0, 1]);
    expect(missing.filledCells).toBe(2);
    expect([...(missing.fill ?? [])]).toEqual([8 / 3, 0, 1]);
  });

  it.each(['error', 'mean'])('cannot be filled in when it is the target: %s', async missing => {
    workshop.write('target.csv', 'x,y\n1,a\n2,\n3,b\n');
    await expect(workshop.load({ source: source(missing, 'target.csv'), ...none })).rejects.toMatchObject({
      place: { line: 3, column: 2 },
    });
  });

  it('may not be named by a split file when its row is dropped', async () => {
    const file = workshop.write('named.json', '{\n  "train": [0, 3],\n  "validation": [5, 1]\n}');
    await expect(workshop.load({ source: source('dropRow'), split: { file: 'named.json' } })).rejects.toMatchObject({
      code: 'invalid-data',
      place: { file, line: 3, column: 21 },
    });
  });

  it('is an error when no training row knows its column', async () => {
    workshop.write('unknown.csv', 'x,z,y\n1,,a\n2,,b\n3,7,a\n');
    workshop.write('first.json', '{ "train": [0, 1], "validation": [2] }');
    const given = { source: source('mean', 'unknown.csv'), split: { file: 'first.json' } };
    await expect(workshop.load(given)).rejects.toThrow('"z" has no value in any training row');
  });

  it('leaves nothing to train on when every row has one', async () => {
    workshop.write('all.csv', 'x,z,y\n1,,a\n,2,b\n');
    await expect(workshop.load({ source: source('dropRow', 'all.csv'), ...none })).rejects.toThrow('none to train on');
  });
});
