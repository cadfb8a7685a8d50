import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadData } from '../../../engine/data/load.ts';
import { parseModel } from '../../../engine/model/parse.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
  writeFileSync(
    path.join(folder, 'data.csv'),
    [
      'x,constant,label',
      ...Array.from({ length: 40 }, (_, i) => `${String(i * i)},7,${i % 4 === 0 ? 'rare' : 'usual'}`),
    ].join('\n'),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(data: object) {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'csv', path: 'data.csv', target: 'label' }, ...data },
    layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
  });
  const { model } = parseModel(text);
  if (!model) throw new Error('the model of the test is wrong');
  return loadData({ model, file: path.join(folder, 'model.mlp.json'), text });
}

describe('the split', () => {
  it('puts every row into exactly one part', async () => {
    const { split } = await load({ split: { validation: 0.25, test: 0.1 } });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([26, 10, 4]);
    expect(new Set([...split.train, ...split.validation, ...split.test]).size).toBe(40);
  });

  it('keeps the share of each class when stratified', async () => {
    const { split, targets, classes } = await load({ split: { validation: 0.2, stratify: true } });
    const share = (rows: Int32Array) => rows.reduce((sum, row) => sum + (targets.values[row] ?? 0), 0) / rows.length;
    expect(classes).toEqual(['rare', 'usual']);
    expect([share(split.train), share(split.validation)]).toEqual([0.75, 0.75]);
  });

  it('can be given row by row', async () => {
    const file = path.join(folder, 'split.json');
    writeFileSync(file, '{ "train": [3, 1], "validation": [0] }');
    const { split } = await load({ split: { file: 'split.json' } });
    expect([[...split.train], [...split.validation], [...split.test]]).toEqual([[3, 1], [0], []]);
    writeFileSync(file, '{ "train": [3, 40] }');
    await expect(load({ split: { file: 'split.json' } })).rejects.toThrow('Row 40 does not exist');
    writeFileSync(file, '{ "train": [3], "test": [3] }');
    await expect(load({ split: { file: 'split.json' } })).rejects.toThrow('Row 3 is named twice');
  });
});

describe('normalization', () => {
  it('is fitted on the training rows only', async () => {
    const { features, split, scaling } = await load({ split: { validation: 0.5 } });
    const train = [...split.train].map(row => features.values[row * 2] ?? NaN);
    expect(train.reduce((a, b) => a + b, 0) / train.length).toBeCloseTo(0, 12);
    expect(train.reduce((a, b) => a + b * b, 0) / train.length).toBeCloseTo(1, 12);
    expect(scaling.shift[0]).not.toBeCloseTo(520, 0);
  });

  it('divides a constant column by 1', async () => {
    const { features, scaling } = await load({});
    expect(scaling.scale[1]).toBe(1);
    expect(features.values[1]).toBe(0);
  });

  it('brings the training rows to 0…1 as minMax', async () => {
    const { features, split } = await load({ normalization: 'minMax', split: { validation: 0.5 } });
    const train = [...split.train].map(row => features.values[row * 2] ?? NaN);
    expect([Math.min(...train), Math.max(...train)]).toEqual([0, 1]);
  });

  it('leaves every bit alone as none', async () => {
    expect((await load({ normalization: 'none' })).features.values[2 * 39]).toBe(39 * 39);
  });
});
