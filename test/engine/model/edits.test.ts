import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { applyTextEdits, modelEditSchema, textEdits, type ModelEdit } from '../../../engine/model/edits.ts';
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
    expect(textEdits(modelText, { kind: 'moveLayer', from: 1, to: 1 })).toEqual([]);
    expect(textEdits(modelText, { kind: 'removeLayer', index: 7 })).toEqual([]);
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
    expect(apply(modelText, { kind: 'addLayer', index: 1, layer })).toBe(
      changed(
        '\n    { "id": "output"',
        '\n    { "id": "hidden2", "type": "dense", "units": 4 },\n    { "id": "output"',
      ),
    );
    const tall = '{\r\n  "layers": [\r\n    {\r\n      "id": "a"\r\n    }\r\n  ]\r\n}\r\n';
    expect(apply(tall, { kind: 'addLayer', index: 1, layer: { id: 'b' } })).toBe(
      tall.replace('    }\r\n', '    },\r\n    {\r\n      "id": "b"\r\n    }\r\n'),
    );
  });

  it('keeps comments and a trailing comma', () => {
    const text = '{\n  "layers": [\n    { "id": "a" }, // first\n    { "id": "b" }, // second\n  ],\n}\n';
    expect(apply(text, { kind: 'moveLayer', from: 0, to: 1 })).toBe(
      text.replace('"a"', '"?"').replace('"b"', '"a"').replace('"?"', '"b"'),
    );
    expect(ids(apply(text, { kind: 'removeLayer', index: 0 }))).toEqual(['b']);
    expect(ids(apply(text, { kind: 'addLayer', index: 2, layer: { id: 'c' } }))).toEqual(['a', 'b', 'c']);
  });

  it.each([
    { kind: 'setValue', path: [], value: 1 },
    { kind: 'setValue', path: ['a'], value: () => 1 },
    { kind: 'moveLayer', from: -1, to: 0 },
    { kind: 'run', command: 'rm' },
  ])('that is none is refused: %o', edit => {
    expect(modelEditSchema.safeParse(edit).success).toBe(false);
  });
});

/** Texts in several styles. */
const styles = [
  modelText,
  modelText.replaceAll('\n', '\r\n'),
  JSON.stringify(JSON.parse(modelText)),
  JSON.stringify(JSON.parse(modelText), null, 2),
  JSON.stringify(JSON.parse(modelText), null, '\t').replaceAll('\n', '\r\n'),
];

const layerEdit = fc.oneof(
  fc.record({
    kind: fc.constant('addLayer' as const),
    index: fc.nat(6),
    layer: fc.record({ id: fc.stringMatching(/^[a-z]{1,8}$/), units: fc.nat(99) }),
  }),
  fc.record({ kind: fc.constant('removeLayer' as const), index: fc.nat(6) }),
  fc.record({ kind: fc.constant('moveLayer' as const), from: fc.nat(6), to: fc.nat(6) }),
);

/** What an edit does to the list itself. */
function expected(list: readonly string[], edit: ModelEdit): string[] {
  const result = [...list];
  if (edit.kind === 'addLayer') result.splice(Math.min(edit.index, list.length), 0, edit.layer['id'] as string);
  if (edit.kind === 'removeLayer') result.splice(edit.index, 1);
  if (edit.kind === 'moveLayer' && edit.from < list.length && edit.to < list.length)
    result.splice(edit.to, 0, ...result.splice(edit.from, 1));
  return result;
}

describe.each(styles.map((text, i) => [i, text] as const))('in text style %i, any sequence of edits', (_, start) => {
  it('leaves a file that reads as the list the edits describe', () => {
    fc.assert(
      fc.property(fc.array(layerEdit, { maxLength: 8 }), edits => {
        let text = start;
        for (const edit of edits) {
          const before = ids(text);
          text = apply(text, edit);
          expect(ids(text)).toEqual(expected(before, edit));
        }
        expect(text.replaceAll('\r\n', '').includes('\n')).toBe(start.includes('\n') && !start.includes('\r\n'));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the very bytes back when a layer is added and removed, or moved there and back', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(1), fc.nat(1), (index, from, to) => {
        const added = apply(start, { kind: 'addLayer', index, layer: { id: 'x', units: 3 } });
        expect(apply(added, { kind: 'removeLayer', index })).toBe(start);
        const moved = apply(start, { kind: 'moveLayer', from, to });
        expect(apply(moved, { kind: 'moveLayer', from: to, to: from })).toBe(start);
      }),
      { numRuns: 50 },
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
