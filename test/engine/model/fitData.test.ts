import { describe, expect, it } from 'vitest';
import { applyTextEdits, textEdits } from '../../../engine/model/edits.ts';
import {
  fitTarget,
  fitToArrays,
  fitToGenerator,
  fitToTable,
  type TargetColumn,
} from '../../../engine/model/fitData.ts';
import { generatorInfo, generatorNames } from '../../../engine/model/dataFields.ts';
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

describe('a built-in data set taken as data', () => {
  const take = (text: string, name: (typeof generatorNames)[number]) =>
    applyTextEdits(text, textEdits(text, fitToGenerator(read(text), name)));

  it('changes its name alone where the task stays', () => {
    expect(take(modelText, 'spiral')).toBe(modelText.replace('"moons"', '"spiral"'));
  });

  it('changes loss and last layer too where numbers take the place of classes, and keeps the rows', () => {
    expect(take(modelText, 'plane')).toBe(
      modelText
        .replace('"moons"', '"plane"')
        .replace('"activation": "sigmoid"', '"activation": "identity"')
        .replace('"binaryCrossEntropy"', '"meanSquaredError"'),
    );
  });

  it('takes the place of a table', () => {
    const table = applyTextEdits(modelText, textEdits(modelText, fitToTable(read(modelText), 'a.csv', column())));
    expect(read(take(table, 'circles')).data.source).toMatchObject({ kind: 'generator', name: 'circles' });
  });

  it.each(generatorNames)('%s leaves no error behind, whatever was learned before', name => {
    for (const before of generatorNames) expect(parseModel(take(take(modelText, before), name)).issues).toEqual([]);
    const { draft } = parseModel(take(modelText, name));
    expect(draft?.loss).toBe(generatorInfo[name].classes > 0 ? 'binaryCrossEntropy' : 'meanSquaredError');
  });
});

describe('arrays taken as data', () => {
  const source = { kind: 'npy', features: 'x.npy', targets: 'y.npy' } as const;
  const take = (targets: readonly TargetColumn[]) =>
    read(applyTextEdits(modelText, textEdits(modelText, fitToArrays(read(modelText), source, targets))));

  it('are classes where one target has few whole numbers', () => {
    const model = take([column({ kind: 'number', whole: true, distinct: 10 })]);
    expect(model.data.source).toMatchObject(source);
    expect(model.loss).toBe('crossEntropy');
    expect(model.layers.at(-1)).toMatchObject({ units: 10, activation: 'softmax' });
  });

  it('are numbers where there are several targets', () => {
    const flags = column({ kind: 'number', whole: true, distinct: 2 });
    const model = take([flags, flags, flags]);
    expect(model.loss).toBe('meanSquaredError');
    expect(model.layers.at(-1)).toMatchObject({ units: 3, activation: 'identity' });
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

  const order = (...ids: string[]) =>
    read(
      JSON.stringify({
        ...(JSON.parse(modelText) as object),
        layers: [...ids.map(id => ({ id, type: 'dense', units: 4 })), { id: 'output', type: 'dense', units: 1 }],
      }),
    );

  it.each([
    [['a', 'b', 'c', 'd'], ['a', 'd', 'b', 'c'], ['d']],
    [['a', 'b', 'c'], ['b', 'c', 'a'], ['a']],
    [
      ['a', 'b', 'c', 'd'],
      ['d', 'c', 'b', 'a'],
      ['d', 'c', 'b'],
    ],
    [['a', 'b', 'c'], ['a', 'new', 'b', 'c'], []],
    [['a', 'b', 'c'], ['c'], []],
  ])('from %j to %j mark as moved, on both sides, no more than %j', (before, after, moved) => {
    const [older, newer] = [order(...before), order(...after)];
    const marked = [modelChanges(newer, older, false), modelChanges(older, newer, true)].map(({ layers }) =>
      Object.keys(layers).filter(name => layers[name] === 'moved'),
    );
    expect(marked[0]?.toSorted()).toEqual(marked[1]?.toSorted());
    expect(marked[0]).toHaveLength(moved.length);
    if (moved.length === 1) expect(marked[0]).toEqual(moved);
  });

  it('tell a layer that is another one by now from one that has only moved', () => {
    const moved = modelChanges(order('b', 'a'), order('a', 'b'), false);
    expect(Object.values(moved.layers)).toEqual(['moved']);
    const other = read(JSON.stringify(order('b', 'a')).replaceAll('"units":4', '"units":5'));
    expect(Object.values(modelChanges(other, order('a', 'b'), false).layers)).toEqual(['changed', 'changed']);
  });

  it('are none between equals, however they are written', () => {
    expect(modelChanges(before, read(JSON.stringify(JSON.parse(modelText))), false)).toEqual({ layers: {}, cards: [] });
  });
});
