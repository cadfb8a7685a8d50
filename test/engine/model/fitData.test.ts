import { describe, expect, it } from 'vitest';
import { applyTextEdits, textEdits } from '../../../engine/model/edits.ts';
import { fitTarget, fitToTable, type TargetColumn } from '../../../engine/model/fitData.ts';
import { modelChanges } from '../../../engine/model/modelChanges.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { Model } from '../../../engine/model/schema.ts';
import { changed, modelText } from './modelText.ts';

const column = (change: Partial<TargetColumn> = {}): TargetColumn => ({
  name: 'kind',
  kind: 'category',
  distinct: 3,
  whole: false,
  ...change,
});

const read = (text: string): Model => {
  const { draft } = parseModel(text);
  if (!draft) throw new Error('The model cannot be read.');
  return draft;
};

describe('a target', () => {
  it.each([
    [column(), { loss: 'crossEntropy', activation: 'softmax', units: 3 }],
    [column({ distinct: 2 }), { loss: 'binaryCrossEntropy', activation: 'sigmoid', units: 1 }],
    [column({ kind: 'number', whole: true, distinct: 10 }), { loss: 'crossEntropy', activation: 'softmax', units: 10 }],
    [
      column({ kind: 'number', whole: true, distinct: 50 }),
      { loss: 'meanSquaredError', activation: 'identity', units: 1 },
    ],
    [column({ kind: 'number', distinct: 4 }), { loss: 'meanSquaredError', activation: 'identity', units: 1 }],
  ] as const)('%j is learned by %j', (target, fit) => {
    expect(fitTarget(target)).toEqual(fit);
  });
});

describe('a table taken as data', () => {
  const fit = (text: string, target = column()) =>
    applyTextEdits(text, textEdits(text, fitToTable(read(text), 'data/pets.csv', target)));

  it('changes source, loss and last layer, and nothing else', () => {
    expect(fit(modelText)).toBe(
      modelText
        .replace(
          '{ "kind": "generator", "name": "moons", "samples": 100 }',
          '{ "kind": "csv", "path": "data/pets.csv", "target": "kind" }',
        )
        .replace('"units": 1, "activation": "sigmoid"', '"units": 3, "activation": "softmax"')
        .replace('"binaryCrossEntropy"', '"crossEntropy"'),
    );
  });

  it('leaves no error behind, whatever stood last', () => {
    const dropoutLast = changed(
      '"activation": "sigmoid" }',
      '"activation": "sigmoid" },\n    { "id": "drop", "type": "dropout" }',
    );
    for (const text of [modelText, dropoutLast])
      for (const target of [column(), column({ distinct: 2 }), column({ kind: 'number', distinct: 90 })])
        expect(parseModel(fit(text, target)).issues).toEqual([]);
  });

  it('forgets lists of rows that were made for other data', () => {
    const text = changed('"samples": 100 } }', '"samples": 100 }, "split": { "file": "split.json" } }');
    expect(fit(text)).not.toContain('split');
  });
});

describe('the changes between two versions', () => {
  const after = read(
    changed('"units": 8', '"units": 9')
      .replace('"id": "output"', '"id": "last"')
      .replace('"epochs": 10', '"epochs": 20'),
  );
  const before = read(modelText);

  it('are told from either side', () => {
    expect(modelChanges(after, before, false)).toEqual({
      layers: { hidden1: 'changed', last: 'added' },
      cards: ['loss'],
    });
    expect(modelChanges(before, after, true)).toEqual({
      layers: { hidden1: 'changed', output: 'removed' },
      cards: ['loss'],
    });
  });

  it('are none between equals, however they are written', () => {
    expect(modelChanges(before, read(JSON.stringify(JSON.parse(modelText))), false)).toEqual({ layers: {}, cards: [] });
  });
});
