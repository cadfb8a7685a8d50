import { describe, expect, it } from 'vitest';
import { applyTextEdits, textEdits, type ModelEdit } from '../../engine/model/edits.ts';
import type { LayerPath, LayerPlace } from '../../engine/model/layerPaths.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { DesignerState } from '../../engine/protocol/views.ts';
import {
  addLayer,
  moveLayers,
  pasteLayers,
  removeLayers,
  setUnits,
  stepLayers,
} from '../../webview/designer/layerEdits.ts';
import { layersInText, written } from '../../webview/designer/newLayers.ts';
import {
  follow,
  namedLayers,
  placeAfter,
  selectedPaths,
  selectLayer,
  selectNamed,
} from '../../webview/designer/selection.ts';
import type { Designer, Selection, ViewState } from '../../webview/designer/state.ts';
import { Store } from '../../webview/kit/store.ts';
import { block, dense } from './layers.ts';

const start = JSON.stringify({
  version: 1,
  data: { source: { kind: 'generator', name: 'moons' } },
  layers: [
    { id: 'a', type: 'dense', units: 6 },
    {
      id: 'r',
      type: 'residual',
      layers: [
        { id: 'b', type: 'dense', units: 6 },
        { id: 'n', type: 'layerNorm' },
      ],
    },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
});

/** A designer whose host makes every edit at once, as the real one does a moment later. */
function open(text = start) {
  const said: string[] = [];
  const read = (source: string): DesignerState => ({
    fileName: 'a.mlp.json',
    model: parseModel(source).draft,
    stale: false,
    issues: parseModel(source).issues,
    data: undefined,
    dataError: undefined,
    trusted: true,
    readOnly: false,
    stability: undefined,
    changes: undefined,
  });
  const current = { text };
  const store = new Store<ViewState>({
    host: read(text),
    runState: 'idle',
    progress: undefined,
    folds: {},
    resumable: false,
    kept: false,
    selection: selectLayer(0),
    drag: undefined,
    resize: undefined,
    viewport: undefined,
    announcement: '',
  });
  const designer: Pick<Designer, 'store' | 'edit' | 'select' | 'announce'> = {
    store,
    select: selection => store.update({ selection }),
    announce: sentence => said.push(sentence),
    edit: (edit: ModelEdit, sentence, names = []) => {
      said.push(sentence);
      current.text = applyTextEdits(current.text, textEdits(current.text, edit));
      const host = read(current.text);
      const chosen = host.model && selectNamed(host.model, names);
      store.update({ host, selection: chosen ?? follow(store.state.selection, store.state.host?.model, host.model) });
    },
  };
  return {
    designer: designer as Designer,
    said,
    names: () => namedLayers(store.state.host?.model?.layers ?? []).map(({ name }) => name),
    selected: () =>
      selectedPaths(store.state.selection).map(
        path =>
          namedLayers(store.state.host?.model?.layers ?? []).find(layer => String(layer.path) === String(path))?.name,
      ),
    text: () => current.text,
    issues: () => store.state.host?.issues.map(({ code }) => code),
  };
}

describe('a new layer', () => {
  it.each([
    ['dense', { block: [], index: 1 }, 'hidden1'],
    ['dropout', { block: [], index: 3 }, 'dropout1'],
    ['batchNorm', { block: [1], index: 2 }, 'r.norm1'],
    ['residual', { block: [], index: 0 }, 'residual1'],
    ['residual', { block: [1], index: 0 }, 'r.residual1'],
  ] as const)('%s goes where it is put, under a free id, and is selected', (type, at, name) => {
    const view = open();
    addLayer(view.designer, at, type);
    expect(view.names()).toContain(name);
    expect(view.selected()).toEqual([name]);
    expect(view.said).toEqual([expect.stringContaining(name.split('.').at(-1) ?? '')]);
  });

  it('keeps the width of a block, so that it can still add its input', () => {
    const view = open();
    addLayer(view.designer, { block: [1], index: 2 }, 'dense');
    addLayer(view.designer, { block: [], index: 1 }, 'residual');
    expect(view.issues()).toEqual([]);
    expect(view.text()).toContain('"id": "hidden1", "type": "dense", "units": 6');
  });
});

describe('layers in the hand', () => {
  const move = (paths: LayerPath[], to: LayerPlace) => {
    const view = open();
    moveLayers(view.designer, paths, to);
    return view;
  };

  it('go into a block and out of it', () => {
    expect(move([[0]], { block: [1], index: 1 }).names()).toEqual(['r', 'r.b', 'r.a', 'r.n', 'output']);
    const out = move([[1, 1]], { block: [], index: 0 });
    expect(out.names()).toEqual(['n', 'a', 'r', 'r.b', 'output']);
    expect(out.selected()).toEqual(['n']);
  });

  it('go together, in their order', () => {
    const view = move([[2], [0]], { block: [1], index: 0 });
    expect(view.names()).toEqual(['r', 'r.a', 'r.output', 'r.b', 'r.n']);
    expect(view.selected()).toEqual(['r.a', 'r.output']);
  });

  it('take the block with them when they are all it holds', () => {
    expect(
      move(
        [
          [1, 0],
          [1, 1],
        ],
        { block: [], index: 0 },
      ).names(),
    ).toEqual(['b', 'n', 'a', 'output']);
  });

  it('get another id where theirs is taken, in the same step', () => {
    const view = open(start.replace('"id":"b"', '"id":"a"'));
    moveLayers(view.designer, [[1, 0]], { block: [], index: 3 });
    expect(view.names()).toEqual(['a', 'r', 'r.n', 'output', 'a1']);
    expect(view.said).toHaveLength(1);
  });

  it.each([
    [[[0]], { block: [], index: 0 }],
    [[[0]], { block: [], index: 1 }],
    [[[1]], { block: [1], index: 0 }],
  ])('%j stay where they are when put at %j', (paths, to) => {
    const view = move(paths, to);
    expect(view.text()).toBe(start);
    expect(view.said).toEqual([]);
  });

  it('step through the network by keyboard, into a block and out at its other end', () => {
    const view = open();
    const steps = Array.from({ length: 5 }, () => {
      stepLayers(view.designer, selectedPaths(view.designer.store.state.selection), 1);
      return view.selected()[0];
    });
    expect(steps).toEqual(['r.a', 'r.a', 'r.a', 'a', 'a']);
    stepLayers(view.designer, [[2]], 1);
    expect(view.said.at(-1)).toBe('This is the end of the network.');
  });
});

describe('removing', () => {
  it('selects what stood before, and says what is gone', () => {
    const view = open();
    removeLayers(view.designer, [[2], [1]]);
    expect(view.names()).toEqual(['a']);
    expect(view.selected()).toEqual(['a']);
    expect(view.said).toEqual(['Removed r, output.']);
  });

  it('leaves one layer', () => {
    const view = open();
    removeLayers(view.designer, [[0], [1], [2]]);
    expect(view.text()).toBe(start);
    expect(view.said).toEqual(['The last layer stays: a network has at least one.']);
  });

  it('takes an emptied block along', () => {
    const view = open();
    removeLayers(view.designer, [
      [1, 0],
      [1, 1],
    ]);
    expect(view.names()).toEqual(['a', 'output']);
  });
});

describe('copied layers', () => {
  it('say no more than their defaults leave unsaid, and are pasted under free ids, inner ones too', () => {
    const copied = [written(block('r', [dense('b', 6)]))];
    expect(copied).toEqual([
      { id: 'r', type: 'residual', layers: [{ id: 'b', type: 'dense', units: 6, activation: 'tanh' }] },
    ]);
    const view = open();
    pasteLayers(view.designer, { block: [], index: 3 }, layersInText(JSON.stringify(copied)) ?? []);
    expect(view.names().slice(5)).toEqual(['r1', 'r1.b1']);
    expect(view.selected()).toEqual(['r1']);
  });

  it.each([
    '',
    'hello',
    '[]',
    '{"id":"a"}',
    '[{"id":"a","type":"conv"}]',
    '[{"id":"a","type":"residual","layers":[1]}]',
  ])('are not found in %j', text => {
    expect(layersInText(text)).toBeUndefined();
  });
});

describe('units', () => {
  it('stay in their range and are those of a dense layer', () => {
    const view = open();
    setUnits(view.designer, [0], 1e9);
    expect(view.said).toEqual(['a has 65536 units.']);
    setUnits(view.designer, [0], -3);
    expect(view.said.at(-1)).toBe('a has 1 unit.');
    setUnits(view.designer, [1], 4);
    expect(view.said).toHaveLength(2);
  });
});

describe('a place for something new', () => {
  const { layers } = parseModel(start).draft ?? { layers: [] };

  it.each([
    [selectLayer(0), { block: [], index: 1 }],
    [selectLayer(1, 0), { block: [1], index: 1 }],
    [selectLayer(2), { block: [], index: 2 }],
    [{ kind: 'data' }, { block: [], index: 0 }],
    [{ kind: 'loss' }, { block: [], index: 2 }],
  ] as const)('after %j is %j, never after the output', (selection, place) => {
    expect(placeAfter(selection, layers)).toEqual(place);
  });
});

describe('the selection', () => {
  it('follows its layers by name when the text changes, and takes what stands there when they are gone', () => {
    const before = parseModel(start).draft;
    const after = parseModel(start.replace('{"id":"a","type":"dense","units":6},', '')).draft;
    const selection: Selection = { kind: 'layers', paths: [[2]] };
    expect(follow(selection, before, after)).toEqual({ kind: 'layers', paths: [[1]] });
    expect(follow(selectLayer(0), before, after)).toEqual(selectLayer(0));
  });
});
