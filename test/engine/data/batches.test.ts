import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planBatches } from '../../../engine/data/batches.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { Training } from '../../../engine/model/schema.ts';

const rows = Int32Array.from([10, 11, 12, 13, 14, 15, 16]);
const plan = (training: Partial<Training>, seed = 1) => {
  const text = JSON.stringify({
    version: 1,
    seed,
    data: { source: { kind: 'generator' } },
    layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
    training: { batchSize: 3, sampling: 'sequential', ...training },
  });
  const { model } = parseModel(text);
  if (!model) throw new Error('The model of the test is wrong.');
  return planBatches({ model, file: 'model.mlp.json', text }, rows);
};
const batches = (training: Partial<Training>, steps: number, seed = 1) => {
  const made = plan(training, seed);
  return Array.from({ length: steps }, (_, i) => [...made.next(i + 1)]);
};

describe('the batches', () => {
  it('keep the order of the file when sequential, with a short last one', () => {
    expect(batches({}, 4)).toEqual([[10, 11, 12], [13, 14, 15], [16], [10, 11, 12]]);
  });

  it('leave out the short last one when asked', () => {
    expect(batches({ dropLast: true }, 3)).toEqual([
      [10, 11, 12],
      [13, 14, 15],
      [10, 11, 12],
    ]);
  });

  it('hold every row once an epoch when shuffled, in another order each time', () => {
    const [a, b, c, d, e, f] = batches({ sampling: 'shuffle' }, 6);
    const first = [...(a ?? []), ...(b ?? []), ...(c ?? [])];
    const second = [...(d ?? []), ...(e ?? []), ...(f ?? [])];
    expect(first.toSorted()).toEqual([...rows]);
    expect(second.toSorted()).toEqual([...rows]);
    expect(second).not.toEqual(first);
  });

  it('are the whole split when full, and one row when single', () => {
    expect(batches({ batchSize: 'full' }, 1)).toEqual([[...rows]]);
    expect(batches({ batchSize: 1 }, 2)).toEqual([[10], [11]]);
  });

  it('draw rows independently with replacement, each as often as the others', () => {
    const counts = new Map<number, number>();
    for (const batch of batches({ sampling: 'replacement', batchSize: 7 }, 1000))
      for (const row of batch) counts.set(row, (counts.get(row) ?? 0) + 1);
    expect(counts.size).toBe(7);
    // 1000 expected each; five standard deviations are 146.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(146);
  });

  it('come from a file row for row, repeated when it ends', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
    const file = path.join(folder, 'batches.json');
    try {
      writeFileSync(file, '[[0, 2], [6]]');
      expect(batches({ sampling: { file } }, 3)).toEqual([[10, 12], [16], [10, 12]]);
      writeFileSync(file, '[[7]]');
      expect(() => plan({ sampling: { file } })).toThrow('rows 0 to 6');
      writeFileSync(file, '[["a"]]');
      expect(() => plan({ sampling: { file } })).toThrow('a list of batches');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('follow from the seed', () => {
    expect(batches({ sampling: 'shuffle' }, 3, 5)).toEqual(batches({ sampling: 'shuffle' }, 3, 5));
    expect(batches({ sampling: 'shuffle' }, 3, 5)).not.toEqual(batches({ sampling: 'shuffle' }, 3, 6));
  });
});
