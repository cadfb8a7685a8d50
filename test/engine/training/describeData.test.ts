import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFirstRows } from '../../../engine/data/tableHead.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { describeArray } from '../../../engine/training/describeArray.ts';
import { describeData } from '../../../engine/training/describeData.ts';
import { describeTable } from '../../../engine/training/describeTable.ts';
import { idx, npy } from '../data/arrayFiles.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
  writeFileSync(path.join(folder, 'pets.csv'), 'weight,legs,kind\n1.5,2,bird\n4,4,cat\n9,4,dog\n0.5,2,bird\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFile = (target: string, loss: string, units: number, activation: string, normalization = 'standard') => {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'csv', path: 'pets.csv', target }, split: { validation: 0 }, normalization },
    layers: [{ id: 'output', type: 'dense', units, activation }],
    loss,
  });
  const { model } = parseModel(text);
  if (!model) throw new Error('The model cannot be read.');
  return { model, file: path.join(folder, 'pets.mlp.json'), text };
};

describe('the description of data', () => {
  it('counts the rows of each class and shows the first rows as they stand', async () => {
    const data = await describeData(inFile('kind', 'crossEntropy', 3, 'softmax'));
    expect(data.classes).toEqual(['bird', 'cat', 'dog']);
    expect(data.balance).toEqual([2, 1, 1]);
    expect(data.firstRows[0]).toEqual(['1.5', '2', 'bird']);
    expect(data.firstRows).toHaveLength(4);
  });

  it.each(['standard', 'minMax', 'none'])('gives the range of each input as it was before %s', async normalization => {
    const { statistics } = await describeData(inFile('kind', 'crossEntropy', 3, 'softmax', normalization));
    expect(statistics.map(({ name }) => name)).toEqual(['weight', 'legs']);
    expect(statistics[0]?.minimum).toBeCloseTo(0.5);
    expect(statistics[0]?.mean).toBeCloseTo(3.75);
    expect(statistics[0]?.maximum).toBeCloseTo(9);
  });

  it('has no classes where numbers are predicted', async () => {
    const data = await describeData(inFile('weight', 'meanSquaredError', 1, 'identity'));
    expect(data.balance).toEqual([]);
  });
});

describe('the description of a table', () => {
  it('says of each column whether it holds numbers or words, and how many', async () => {
    expect(await describeTable(path.join(folder, 'pets.csv'))).toEqual({
      rows: 4,
      columns: [
        { name: 'weight', kind: 'number', distinct: 4, whole: false, examples: ['1.5', '4', '9'] },
        { name: 'legs', kind: 'number', distinct: 2, whole: true, examples: ['2', '4'] },
        { name: 'kind', kind: 'category', distinct: 3, whole: false, examples: ['bird', 'cat', 'dog'] },
      ],
    });
  });

  it('fails on a file that is none', async () => {
    await expect(describeTable(path.join(folder, 'none.csv'))).rejects.toThrow(/does not exist/);
  });
});

describe('the description of an array', () => {
  const written = (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };

  it('tells labels from numbers, and leaves missing values out', async () => {
    const labels = written('labels.idx', idx([5], [3, 0, 3, 9, 0]));
    expect(await describeArray(labels, 'idx')).toEqual({
      rows: 5,
      columns: [{ name: 'y1', kind: 'number', distinct: 3, whole: true, examples: ['3', '0', '9'] }],
    });
    const numbers = written('numbers.npy', npy([3, 2], [1, 0.5, 2, NaN, 1, 0.25]));
    expect(await describeArray(numbers, 'npy')).toEqual({
      rows: 3,
      columns: [
        { name: 'y1', kind: 'number', distinct: 2, whole: true, examples: ['1', '2'] },
        { name: 'y2', kind: 'number', distinct: 2, whole: false, examples: ['0.5', '0.25'] },
      ],
    });
  });

  it('fails on a file of another kind', async () => {
    const file = written('words.npy', Buffer.from('not an array'));
    await expect(describeArray(file, 'npy')).rejects.toMatchObject({ code: 'invalid-data' });
  });
});

describe('the first rows', () => {
  it('of a long file are read without reading it to its end, and none is cut off', () => {
    const file = path.join(folder, 'long.csv');
    writeFileSync(file, `a;b\n${'1;"two words"\n'.repeat(100_000)}`);
    const rows = readFirstRows(file, { header: true }, { rows: 20_000, columns: 2 });
    expect(rows.length).toBeLessThan(10_000);
    expect(new Set(rows.map(row => row.join('|')))).toEqual(new Set(['1|two words']));
    expect(readFirstRows(file, { header: false }, { rows: 1, columns: 2 })).toEqual([['a', 'b']]);
  });
});
