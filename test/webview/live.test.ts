import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { previewPaths } from '../../webview/designer/dataPreview.tsx';
import { layOut } from '../../webview/designer/geometry.ts';
import { keepView, keptView } from '../../webview/designer/keptView.ts';
import { whoseWeights } from '../../webview/designer/legend.tsx';
import { inputPictures, meanSign, samplesOf } from '../../webview/designer/liveColumns.ts';
import { rgbOf, signedColor } from '../../webview/designer/nodePictures.ts';
import type { ViewState } from '../../webview/designer/state.ts';
import { droppedAddress } from '../../webview/designer/tableDrop.ts';
import { valuesOf } from '../../webview/designer/hitValues.ts';
import { Store } from '../../webview/kit/store.ts';
import { block, dense } from './layers.ts';

const layers = [dense('a', 3), block('r', [dense('a', 3)]), dense('out', 1)];
const picture = layOut({ layers, shapes: layerShapes(layers, 2), inputs: 2 });
const sampleOf = (name: string, inputs: number, outputs: number, first = 0) => ({
  name,
  inputs,
  outputs,
  weights: Array.from({ length: inputs * outputs }, (_, i) => first + i),
  weightGradients: Array.from({ length: inputs * outputs }, (_, i) => -i),
  largestWeight: 10,
  biases: Array.from({ length: outputs }, (_, i) => i / 4),
  biasGradients: [],
  activations: Array.from({ length: outputs }, (_, i) => i),
  pictures: [],
});
const sample: NetworkSample = {
  step: 7,
  epoch: 1,
  layers: [
    sampleOf('a', 2, 3),
    { ...sampleOf('r', 3, 3), weights: [] },
    sampleOf('r.a', 3, 3, 100),
    sampleOf('out', 3, 1),
  ],
};

describe('what a network in training holds', () => {
  const samples = samplesOf(picture, layers, sample);

  it('is found for each column by its full name, the sum of a block included', () => {
    expect(samples.map(found => found?.name)).toEqual([undefined, 'a', 'r.a', 'r', 'out']);
  });

  it('is not drawn on a layer that has another shape by now', () => {
    const wider = [dense('a', 4), ...layers.slice(1)];
    const drawn = layOut({ layers: wider, shapes: layerShapes(wider, 2), inputs: 2 });
    expect(samplesOf(drawn, wider, sample).map(found => found?.name)).toEqual([
      undefined,
      undefined,
      undefined,
      'r',
      'out',
    ]);
    expect(samplesOf(picture, layers, undefined)).toEqual(picture.columns.map(() => undefined));
  });

  it('has the exact values of a node and of an edge', () => {
    const [, first, second] = picture.columns;
    const [own, inner] = [samples[1], samples[2]];
    if (!first || !second || !own || !inner) throw new Error('The network is not drawn.');
    const [a0, a1, a2] = first.nodes;
    const b1 = second.nodes[1];
    if (!a0 || !a1 || !a2 || !b1) throw new Error('The nodes are not drawn.');
    expect(valuesOf(picture, own, { column: 1, node: a2, from: undefined })).toEqual([
      { word: 'mean activation', value: 2 },
      { word: 'bias', value: 0.5 },
    ]);
    expect(valuesOf(picture, inner, { column: 2, node: b1, from: a2 })).toEqual([
      { word: 'weight', value: 105 },
      { word: 'weight gradient', value: -5 },
    ]);
  });

  it('has a sign that prevails, and the inputs are ramps', () => {
    expect(meanSign(sampleOf('a', 2, 3))).toBeCloseTo(0.25);
    expect(meanSign({ ...sampleOf('a', 2, 3), weights: [] })).toBe(0);
    const corners = (picture: readonly number[] | undefined) => [0, 15, 240, 255].map(i => picture?.[i]);
    const [x, y] = inputPictures({ kind: 'csv', path: 'a.csv', target: 'y', header: true, missing: 'error' }, 2);
    expect(corners(x)).toEqual([-127, 127, -127, 127]);
    expect(corners(y)).toEqual([127, 127, -127, -127]);
  });

  it('shows each input as what it is computed by, and none where there is no plane', () => {
    const source = { kind: 'generator', name: 'moons', samples: 10, noise: 0 } as const;
    const corners = inputPictures({ ...source, features: ['x1^2', 'x1*x2', 'sin(x2)'] }, 3).map(picture =>
      [0, 15, 240, 255].map(i => picture[i]),
    );
    expect(corners).toEqual([
      [127, 127, 127, 127],
      [-127, 127, 127, -127],
      [127, 127, -127, -127],
    ]);
    expect(inputPictures({ ...source, features: ['x1^2'] }, 1)[0]?.[8 * 16 + 7]).toBe(1);
    expect(inputPictures(source, 2)).toHaveLength(2);
    expect(inputPictures({ ...source, name: 'sine' }, 1)).toEqual([]);
    expect(inputPictures({ kind: 'idx', images: 'i', labels: 'l' }, 784)).toEqual([]);
  });

  it('is coloured from the background to the colour of its sign', () => {
    const colors = { positive: [0, 0, 200], negative: [200, 0, 0], zero: [100, 100, 100] } as const;
    expect(signedColor(0, colors)).toEqual([100, 100, 100]);
    expect(signedColor(1, colors)).toEqual([0, 0, 200]);
    expect(signedColor(-0.5, colors)).toEqual([150, 50, 50]);
    expect(rgbOf('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
    expect(rgbOf('color(srgb 1 0 0.2)')).toEqual([255, 0, 51]);
  });
});

describe('whose weights are drawn', () => {
  const idle = { host: undefined, runState: 'idle' } as const;

  it('is said before, while and after there is a training', () => {
    expect(whoseWeights({ sample, origin: 'first' }, idle)).toMatch(/^First weights, of seed .*; not trained yet$/);
    expect(whoseWeights({ sample, origin: 'run' }, { ...idle, runState: 'running' })).toBe('Step 7 · epoch 1');
    expect(whoseWeights({ sample, origin: 'run' }, idle)).toBe('Last run · step 7 · epoch 1');
  });
});

describe('what is kept of a view', () => {
  it('comes back, and nothing else does', () => {
    const kept = {
      selection: { kind: 'layers', paths: [[1, 0]] },
      viewport: { scale: 2, x: 1, y: -3 },
      folds: { Data: true },
    };
    expect(keptView(kept)).toEqual(kept);
    expect(keptView({ selection: { kind: 'loss' }, viewport: undefined })).toEqual({
      selection: { kind: 'loss' },
      folds: {},
    });
    for (const other of [undefined, {}, { selection: { kind: 'layers', paths: [] } }, { selection: 3 }])
      expect(keptView(other)).toBeUndefined();
  });
});

describe('a view that changes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('window', { addEventListener: () => undefined });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is kept soon after, though it goes on changing, and once for many changes', () => {
    const kept: object[] = [];
    const store = new Store({
      selection: { kind: 'data' },
      viewport: undefined,
      folds: {},
      announcement: '',
    } as ViewState);
    keepView(store, view => kept.push(view));
    for (let i = 1; i <= 30; i++) {
      store.update({ viewport: { scale: i, x: 0, y: 0 } });
      vi.advanceTimersByTime(10);
    }
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.length).toBeLessThan(10);
    vi.advanceTimersByTime(50);
    expect(kept.at(-1)).toEqual({ selection: { kind: 'data' }, viewport: { scale: 30, x: 0, y: 0 }, folds: {} });
    store.update({ folds: { Data: false } });
    vi.advanceTimersByTime(50);
    expect(kept.at(-1)).toMatchObject({ folds: { Data: false } });
    store.update({ announcement: 'Said.' });
    vi.advanceTimersByTime(100);
    expect(kept.at(-1)).toMatchObject({ viewport: { scale: 30 } });
    const count = kept.length;
    vi.advanceTimersByTime(1000);
    expect(kept).toHaveLength(count);
  });
});

describe('the preview of data', () => {
  it('is one path a class, squares for the first and discs for the others', () => {
    const preview = [0, 1, 2, 0].map((value, i) => ({ x: i, y: -i, value }));
    const paths = previewPaths({ preview, classes: ['a', 'b', 'c'] }, 88);
    expect(paths).toHaveLength(3);
    expect(paths[0]?.path.match(/h2\.6/g)).toHaveLength(2);
    expect(paths[1]?.path).toContain('a1.5');
  });

  it('stays within its square, also where all points are one', () => {
    const [only] = previewPaths({ preview: [{ x: 5, y: 5, value: 0 }], classes: [] }, 88);
    expect(only?.path).toMatch(/^M44\.0 44\.0/);
  });
});

describe('a dropped table', () => {
  const transfer = (data: Readonly<Record<string, string>>) =>
    droppedAddress({ dataTransfer: { getData: (kind: string) => data[kind] ?? '' } as DataTransfer });

  it('is found among what was dropped by its ending', () => {
    expect(transfer({ 'text/uri-list': '# two\r\nfile:///a/b.png\r\nfile:///a/c.csv\r\n' })).toBe('file:///a/c.csv');
    expect(transfer({ 'application/vnd.code.uri-list': 'vscode-remote://host/a/d.TSV?x' })).toBe(
      'vscode-remote://host/a/d.TSV?x',
    );
    expect(transfer({ 'text/uri-list': 'file:///a/b.png' })).toBeUndefined();
    expect(droppedAddress({ dataTransfer: null })).toBeUndefined();
  });
});
