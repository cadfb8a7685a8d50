import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { applyTextEdits, modelEditSchema, textEdits, type ModelEdit } from '../../../engine/model/edits.ts';
import { isWithin, outermost, type LayerPath } from '../../../engine/model/layerPaths.ts';
import type { TextEdit } from '../../../engine/model/pieceText.ts';
import { changed, modelText } from './modelText.ts';

const apply = (text: string, edit: ModelEdit) => applyTextEdits(text, textEdits(text, edit));
const read = (text: string) => parse(text, [], { allowTrailingComma: true }) as { layers: { id: string }[] };
const ids = (text: string) => read(text).layers.map(({ id }) => id);

describe('an edit', () => {
  it('of a value touches that value alone', () => {
    const edit: ModelEdit = { kind: 'setValue', path: ['layers', 0, 'units'], value: 16 };
    expect(apply(modelText, edit)).toBe(changed('"units": 8', '"units": 16'));
    expect(textEdits(modelText, edit)).toEqual([{ offset: modelText.indexOf('8, "act'), length: 1, content: '16' }]);
  });

  it('that changes nothing is empty', () => {
    expect(textEdits(modelText, { kind: 'setValue', path: ['layers', 0, 'units'], value: 8 })).toEqual([]);
    for (const index of [1, 2])
      expect(textEdits(modelText, { kind: 'moveLayers', layers: [[1]], to: { block: [], index } })).toEqual([]);
    expect(textEdits(modelText, { kind: 'removeLayers', layers: [[7]] })).toEqual([]);
    expect(textEdits(modelText, { kind: 'moveLayers', layers: [[0]], to: { block: [1], index: 0 } })).toEqual([]);
  });

  it('adds a missing field, and a missing parent with it', () => {
    expect(apply(modelText, { kind: 'setValue', path: ['optimizer', 'beta1'], value: 0.8 })).toBe(
      changed('"learningRate": 0.01', '"learningRate": 0.01, "beta1": 0.8'),
    );
    expect(apply('{\n  "version": 1\n}\n', { kind: 'setValue', path: ['training', 'epochs'], value: 5 })).toBe(
      '{\n  "version": 1,\n  "training": { "epochs": 5 }\n}\n',
    );
  });

  it('writes a layer as its neighbours are written', () => {
    const layer = { id: 'hidden2', type: 'dense', units: 4 };
    expect(apply(modelText, { kind: 'addLayers', at: { block: [], index: 1 }, layers: [layer] })).toBe(
      changed(
        '\n    { "id": "output"',
        '\n    { "id": "hidden2", "type": "dense", "units": 4 },\n    { "id": "output"',
      ),
    );
    const tall = '{\r\n  "layers": [\r\n    {\r\n      "id": "a"\r\n    }\r\n  ]\r\n}\r\n';
    expect(apply(tall, { kind: 'addLayers', at: { block: [], index: 1 }, layers: [{ id: 'b' }] })).toBe(
      tall.replace('    }\r\n', '    },\r\n    {\r\n      "id": "b"\r\n    }\r\n'),
    );
  });

  it('keeps comments and a trailing comma', () => {
    const text = '{\n  "layers": [\n    { "id": "a" }, // first\n    { "id": "b" }, // second\n  ],\n}\n';
    expect(apply(text, { kind: 'moveLayers', layers: [[0]], to: { block: [], index: 2 } })).toBe(
      text.replace('"a"', '"?"').replace('"b"', '"a"').replace('"?"', '"b"'),
    );
    expect(ids(apply(text, { kind: 'removeLayers', layers: [[0]] }))).toEqual(['b']);
    expect(ids(apply(text, { kind: 'addLayers', at: { block: [], index: 2 }, layers: [{ id: 'c' }] }))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('removes a layer with its own remark, and leaves the remark above the next', () => {
    const text = '{\n  "layers": [\n    { "id": "a" }, // mine\n    // about b\n    { "id": "b" }\n  ]\n}\n';
    expect(apply(text, { kind: 'removeLayers', layers: [[0]] })).toBe(text.replace('{ "id": "a" }, // mine\n    ', ''));
  });

  it('moves a layer into a block and out again with all that its text holds, indented for its place', () => {
    const text =
      '{\n  "layers": [\n    {\n      "id": "a", // kept\n      "new": 1\n    },\n    {\n      "id": "b",\n      "type": "residual",\n      "layers": [\n        {\n          "id": "c"\n        }\n      ]\n    }\n  ]\n}\n';
    const inside = apply(text, { kind: 'moveLayers', layers: [[0]], to: { block: [1], index: 0 } });
    expect(inside).toContain(
      '        {\n          "id": "a", // kept\n          "new": 1\n        },\n        {\n          "id": "c"',
    );
    expect(apply(inside, { kind: 'moveLayers', layers: [[0, 0]], to: { block: [], index: 0 } })).toBe(text);
  });

  it('of several steps is one small change', () => {
    const edit: ModelEdit = {
      kind: 'several',
      edits: [
        { kind: 'setValue', path: ['layers', 1, 'units'], value: 3 },
        { kind: 'setValue', path: ['layers', 1, 'activation'], value: 'softmax' },
        { kind: 'setValue', path: ['loss'], value: 'crossEntropy' },
      ],
    };
    expect(textEdits(modelText, edit).map(({ content }) => content)).toEqual(['"crossEntropy"', '"softmax"', '3']);
  });

  it.each([
    { kind: 'setValue', path: [], value: 1 },
    { kind: 'setValue', path: ['a'], value: () => 1 },
    { kind: 'moveLayers', layers: [[-1]], to: { block: [], index: 0 } },
    { kind: 'moveLayers', layers: [], to: { block: [], index: 0 } },
    { kind: 'several', edits: [{ kind: 'several', edits: [] }] },
    { kind: 'run', command: 'rm' },
  ])('that is none is refused: %o', edit => {
    expect(modelEditSchema.safeParse(edit).success).toBe(false);
  });
});

/** Texts in several styles, of a network with a block in a block. */
const nested = changed(
  '"units": 8, "activation": "tanh" },',
  '"units": 8, "activation": "tanh" },\n    { "id": "r", "type": "residual", "layers": [{ "id": "p" }, { "id": "s", "layers": [{ "id": "q" }] }] },',
);
const styles = [
  nested,
  nested.replaceAll('\n', '\r\n'),
  JSON.stringify(JSON.parse(nested)),
  JSON.stringify(JSON.parse(nested), null, 2),
  JSON.stringify(JSON.parse(nested), null, '\t').replaceAll('\n', '\r\n'),
];

interface Tree {
  readonly id: string;
  layers?: Tree[];
}

const layerPath = fc.array(fc.nat(3), { minLength: 1, maxLength: 3 });
const layerPaths = fc.array(layerPath, { minLength: 1, maxLength: 3 });
const place = fc.record({ block: fc.array(fc.nat(3), { maxLength: 2 }), index: fc.nat(5) });
const newLayer = fc.record({ id: fc.stringMatching(/^[a-z]{1,8}$/), units: fc.nat(99) });
const layerEdit = fc.oneof(
  fc.record({
    kind: fc.constant('addLayers' as const),
    at: place,
    layers: fc.array(newLayer, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('removeLayers' as const), layers: layerPaths }),
  fc.record({ kind: fc.constant('moveLayers' as const), layers: layerPaths, to: place }),
);

const listIn = (tree: Tree[], block: LayerPath): Tree[] | undefined =>
  block.reduce<Tree[] | undefined>((list, index) => list?.[index]?.layers, tree);
const nodeIn = (tree: Tree[], path: LayerPath) => listIn(tree, path.slice(0, -1))?.[path.at(-1) ?? -1];

/** What an edit does to the tree of layers itself: the moved ones are marked, taken out, and put where a mark was. */
function expected(before: Tree[], edit: ModelEdit): Tree[] {
  const tree = structuredClone(before);
  const without = (list: Tree[], gone: ReadonlySet<Tree>, mark?: Tree): Tree[] =>
    list.flatMap(node => {
      if (gone.has(node)) return [];
      if (!node.layers || node.layers.length === 0) return [node];
      const layers = without(node.layers, gone, mark);
      return layers.length > 0 ? [{ ...node, layers }] : [];
    });
  if (edit.kind === 'addLayers')
    listIn(tree, edit.at.block)?.splice(edit.at.index, 0, ...(edit.layers as unknown[] as Tree[]));
  if (edit.kind === 'removeLayers')
    return without(tree, new Set(edit.layers.flatMap(path => nodeIn(tree, path) ?? [])));
  if (edit.kind === 'moveLayers') {
    const moved = outermost(edit.layers).map(path => nodeIn(tree, path));
    const list = listIn(tree, edit.to.block);
    if (!list || moved.includes(undefined) || edit.layers.some(path => isWithin(edit.to.block, path))) return tree;
    const mark: Tree = { id: '?' };
    list.splice(edit.to.index, 0, mark);
    const rest = without(tree, new Set(moved.flatMap(node => node ?? [])));
    const put = (nodes: Tree[]): Tree[] =>
      nodes.flatMap(node =>
        node.id === '?'
          ? moved.flatMap(one => one ?? [])
          : [node.layers ? { ...node, layers: put(node.layers) } : node],
      );
    return put(rest);
  }
  return tree;
}

const treeOf = (text: string) => (parse(text, [], { allowTrailingComma: true }) as { layers: Tree[] }).layers;

describe.each(styles.map((text, i) => [i, text] as const))('in text style %i, any sequence of edits', (_, start) => {
  it('leaves a file that reads as the tree the edits describe', () => {
    fc.assert(
      fc.property(fc.array(layerEdit, { maxLength: 8 }), edits => {
        let text = start;
        for (const edit of edits) {
          const before = treeOf(text);
          text = apply(text, edit);
          expect(treeOf(text)).toEqual(expected(before, edit));
        }
        expect(text.replaceAll('\r\n', '').includes('\n')).toBe(start.includes('\n') && !start.includes('\r\n'));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the very bytes back when a layer is added and removed, or moved there and back', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(2), fc.nat(2), (index, from, to) => {
        const added = apply(start, { kind: 'addLayers', at: { block: [], index }, layers: [{ id: 'x', units: 3 }] });
        expect(apply(added, { kind: 'removeLayers', layers: [[index]] })).toBe(start);
        const gap = (a: number, b: number) => ({ block: [], index: b > a ? b + 1 : b });
        const moved = apply(start, { kind: 'moveLayers', layers: [[from]], to: gap(from, to) });
        expect(apply(moved, { kind: 'moveLayers', layers: [[to]], to: gap(to, from) })).toBe(start);
      }),
      { numRuns: 50 },
    );
  });

  it('and of their undoing gives the very bytes back', () => {
    fc.assert(
      fc.property(fc.array(layerEdit, { maxLength: 8 }), edits => {
        const undo: TextEdit[][] = [];
        let text = start;
        for (const edit of edits) {
          const changes = textEdits(text, edit);
          undo.push(inverse(text, changes));
          text = applyTextEdits(text, changes);
        }
        for (const changes of undo.reverse()) text = applyTextEdits(text, changes);
        expect(text).toBe(start);
      }),
      { numRuns: 100 },
    );
  });

  it('sets any value and reads it back, every other byte the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const edit = { kind: 'setValue' as const, path: ['optimizer', 'learningRate'], value: value as string };
        const edits = textEdits(start, edit);
        const text = applyTextEdits(start, edits);
        const { optimizer } = JSON.parse(text) as { optimizer: { learningRate: unknown } };
        expect(optimizer.learningRate).toEqual(JSON.parse(JSON.stringify(value)));
        expect(edits.length).toBeLessThanOrEqual(1);
        const [change] = edits;
        if (change) expect(text.slice(0, change.offset)).toBe(start.slice(0, change.offset));
      }),
      { numRuns: 100 },
    );
  });
});

/** What an editor does to take `edits` back. */
function inverse(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let moved = 0;
  return edits.toReversed().map(({ offset, length, content }) => {
    const back = { offset: offset + moved, length: content.length, content: text.slice(offset, offset + length) };
    moved += content.length - length;
    return back;
  });
}
