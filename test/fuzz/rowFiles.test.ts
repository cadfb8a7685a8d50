import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planBatches } from '../../engine/data/batches.ts';
import type { Dataset } from '../../engine/data/dataset.ts';
import { splitRows } from '../../engine/data/split.ts';
import type { ModelInFile } from '../../engine/model/modelInFile.ts';
import { Workshop } from '../engine/data/workshop.ts';
import { accepted, damage, fuzz } from './fuzzing.ts';

const rows = 12;
let workshop: Workshop;
let splitByFile: ModelInFile;
let plain: ModelInFile;
beforeAll(() => {
  workshop = new Workshop();
  splitByFile = workshop.model({ ...generated, split: { file: 'split.json' } });
  plain = workshop.model(generated);
});
afterAll(() => workshop.dispose());

const dataset: Dataset = {
  features: { rows, columns: 1, values: new Float64Array(rows) },
  targets: { rows, columns: 1, values: new Float64Array(rows) },
  featureNames: ['x'],
  targetNames: ['y'],
  classes: [],
};
const generated = { source: { kind: 'generator' } };
const list = fc.array(fc.oneof(fc.nat(rows + 1), fc.double(), fc.constantFrom(-1, null, '1')), { maxLength: 6 });
const text = (value: fc.Arbitrary<unknown>) => {
  const written = value.map(given => new TextEncoder().encode(JSON.stringify(given)));
  return fc.oneof(
    written,
    fc.tuple(written, damage).map(([bytes, spoil]) => spoil(bytes)),
  );
};

describe('any split file', () => {
  it('gives each row to at most one part and invents none, or is an error that says where', () => {
    const file = text(fc.record({ train: list, validation: list, test: list }, { requiredKeys: [] }));
    const dropped = Uint8Array.from({ length: rows }, (_, row) => (row === 3 ? 1 : 0));
    fc.assert(
      fc.property(file, bytes => {
        workshop.write('split.json', bytes);
        const split = accepted(() => splitRows(splitByFile, dataset, dropped));
        if (!split) return;
        const named = [...split.train, ...split.validation, ...split.test];
        expect(new Set(named).size).toBe(named.length);
        for (const row of named) expect(row >= 0 && row < rows && row !== 3).toBe(true);
        expect(split.train.length).toBeGreaterThan(0);
      }),
      fuzz,
    );
  });
});

describe('any file of batches', () => {
  it('names rows of the training split only, or is an error that says where', () => {
    const file = text(fc.array(list, { maxLength: 4 }));
    const train = Int32Array.from([20, 21, 22, 23, 24]);
    fc.assert(
      fc.property(file, bytes => {
        workshop.write('batches.json', bytes);
        const training = { ...plain.model.training, sampling: { file: 'batches.json' } };
        const plan = accepted(() => planBatches({ ...plain, model: { ...plain.model, training } }, train));
        if (!plan) return;
        for (let step = 1; step <= plan.stepsPerEpoch + 1; step++) {
          const batch = [...plan.next(step)];
          expect(batch.length).toBeGreaterThan(0);
          for (const row of batch) expect(train).toContain(row);
        }
      }),
      fuzz,
    );
  });
});
