import { describe, expect, it } from 'vitest';
import type { Layer } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { columnWidth, extentOf, gapAt, layOut, type Slot } from '../../webview/designer/geometry.ts';
import { hitAt, rise } from '../../webview/designer/hitTest.ts';
import { resizedUnits } from '../../webview/designer/resizing.ts';
import { fit, seenSpan, showing, toPicture, zoomAt } from '../../webview/designer/viewport.ts';
import { block, dense, dropout } from './layers.ts';

const layers = [dense('a', 16), block('r', [dense('b', 16), dropout('d')]), dense('c', 3)];
const drawn = (of: readonly Layer[], slot?: Slot) =>
  layOut({ layers: of, shapes: layerShapes(of, 4), inputs: 4 }, slot);
const picture = drawn(layers);

describe('the layout of a network', () => {
  it('stands from left to right without touching, inner layers within their block', () => {
    expect(picture.columns.map(({ kind, path }) => `${kind} ${path.join('.')}`)).toEqual([
      'input ',
      'layer 0',
      'layer 1.0',
      'layer 1.1',
      'sum 1',
      'layer 2',
    ]);
    const xs = [0, ...picture.columns.map(({ x }) => x), picture.lossX];
    xs.slice(1).forEach((x, i) => expect(x - (xs[i] ?? 0)).toBeGreaterThan(columnWidth / 2));
    const [around] = picture.blocks;
    expect(around?.left).toBeGreaterThan((picture.columns[1]?.x ?? 0) + columnWidth / 2);
    expect(around?.left).toBeLessThan((picture.columns[2]?.x ?? 0) - columnWidth / 2);
    expect(around?.right).toBeLessThan((picture.columns[5]?.x ?? 0) - columnWidth / 2);
    expect(around?.from).toBe(picture.columns[1]);
  });

  it('gives each block of a block more room around it', () => {
    const { blocks, top, bottom } = drawn([block('r', [block('s', [dense('b', 4)])])]);
    const [outer, inner] = blocks;
    expect(outer?.path).toEqual([0]);
    expect(outer?.top).toBe(top);
    expect(outer?.bottom).toBe(bottom);
    expect(inner?.top).toBeGreaterThan(top);
    expect(inner?.left).toBeGreaterThan(outer?.left ?? NaN);
    expect(inner?.right).toBeLessThan(outer?.right ?? NaN);
  });

  it('draws up to a dozen nodes, and one that stands for all the others', () => {
    expect(drawn([dense('a', 12)]).columns[1]?.nodes).toHaveLength(12);
    const large = drawn([dense('a', 4096)]).columns[1]?.nodes ?? [];
    expect(large).toHaveLength(12);
    expect(large.reduce((sum, { stands }) => sum + stands, 0)).toBe(4096);
    expect(large.map(({ unit }) => unit)).toEqual([0, 1, 2, 3, 4, 5, undefined, 4091, 4092, 4093, 4094, 4095]);
  });

  it('is in the middle of its height', () => {
    const ys = picture.columns[1]?.nodes.map(({ y }) => y) ?? [];
    expect(ys.reduce((sum, y) => sum + y, 0)).toBeCloseTo(0);
    expect(Math.min(...ys)).toBeGreaterThan(picture.columnTop);
    expect(Math.max(...ys)).toBeLessThan(picture.columnBottom);
  });

  it('opens a gap by moving everything after it by one column, in a block too', () => {
    const open = drawn(layers, { place: { block: [1], index: 1 }, units: 16, dense: true });
    expect(open.columns.find(({ kind }) => kind === 'slot')?.x).toBeCloseTo(picture.columns[3]?.x ?? NaN);
    const moved = open.columns
      .filter(({ kind }) => kind !== 'slot')
      .map(({ x }, i) => x - (picture.columns[i]?.x ?? 0));
    expect(moved.map(by => by > 0)).toEqual([false, false, false, true, true, true]);
  });

  it('has the layer between two gaps, and the block as a whole from end to end', () => {
    const { left, right } = extentOf(picture, [1]);
    expect(left).toBe(picture.blocks[0]?.left);
    expect(right).toBe(picture.blocks[0]?.right);
    expect(extentOf(picture, [0]).right - extentOf(picture, [0]).left).toBe(columnWidth);
  });
});

describe('the gap under a pointer', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('is the nearest one: %i', index => {
    const gap = picture.gaps[index];
    expect(gapAt(picture, gap?.x ?? NaN, 0)?.place).toEqual(gap?.place);
  });

  it('is none far away', () => {
    expect(gapAt(picture, -100, 0)).toBeUndefined();
    expect(gapAt(picture, picture.width + 10, 0)).toBeUndefined();
    expect(gapAt(picture, 200, picture.bottom + 500)).toBeUndefined();
  });
});

describe('what a pointer is on', () => {
  const [, first, second] = drawn([dense('a', 3), dense('b', 2)]).columns;
  const plain = drawn([dense('a', 3), dense('b', 2)]);

  it('is a node, with the unit it shows', () => {
    expect(hitAt(plain, first?.x ?? 0, (first?.nodes[2]?.y ?? 0) + 5)).toMatchObject({ column: 1, node: { unit: 2 } });
  });

  it('is the edge that passes there, near its beginning as near its end', () => {
    const at = (share: number) => {
      const [from, to] = [first?.nodes[0]?.y ?? 0, second?.nodes[1]?.y ?? 0];
      const x = (first?.x ?? 0) + 15 + ((second?.x ?? 0) - (first?.x ?? 0) - 30) * share;
      return hitAt(plain, x, from + (to - from) * rise(share));
    };
    for (const share of [0.3, 0.7])
      expect(at(share)).toMatchObject({ column: 2, from: { unit: 0 }, node: { unit: 1 } });
  });

  it('is nothing where nothing is drawn', () => {
    expect(hitAt(plain, (first?.x ?? 0) + 40, 900)).toBeUndefined();
    expect(hitAt(plain, plain.width + 50, 0)).toBeUndefined();
  });

  it('rises with an edge from 0 to 1, half of it in the middle', () => {
    expect(rise(0)).toBeCloseTo(0);
    expect(rise(0.5)).toBeCloseTo(0.5);
    expect(rise(1)).toBeCloseTo(1);
  });
});

describe('the lower edge of a column', () => {
  it('makes one unit more a step, and a dozen and more by shares', () => {
    expect(resizedUnits(4, 36)).toBe(6);
    expect(resizedUnits(4, -36)).toBe(2);
    expect(resizedUnits(4, -900)).toBe(1);
    expect(resizedUnits(12, 18)).toBeGreaterThan(12);
    expect(resizedUnits(512, 200)).toBeGreaterThan(1000);
    expect(resizedUnits(512, 0)).toBe(512);
    expect(resizedUnits(512, 1e6)).toBe(65_536);
  });

  it('never makes fewer when it is dragged further down', () => {
    const sizes = Array.from({ length: 200 }, (_, i) => resizedUnits(3, i * 4));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });
});

describe('the viewport', () => {
  it('fits any network into any window, never enlarged', () => {
    for (const [width, height] of [
      [1200, 800],
      [300, 200],
    ] as const) {
      const viewport = fit(picture, { width, height });
      expect(viewport.scale).toBeLessThanOrEqual(1);
      expect(viewport.x).toBeGreaterThanOrEqual(0);
      expect(viewport.x + picture.width * viewport.scale).toBeLessThanOrEqual(width);
      expect(viewport.y + picture.top * viewport.scale).toBeGreaterThanOrEqual(0);
      expect(viewport.y + picture.bottom * viewport.scale).toBeLessThanOrEqual(height);
    }
  });

  it('keeps the point under the pointer while it zooms', () => {
    const before = { scale: 0.8, x: 40, y: 300 };
    const after = zoomAt(before, 1.5, 200, 120);
    expect(after.scale).toBeCloseTo(1.2);
    expect(toPicture(after, 200, 120).x).toBeCloseTo(toPicture(before, 200, 120).x);
    expect(toPicture(after, 200, 120).y).toBeCloseTo(toPicture(before, 200, 120).y);
    expect(zoomAt(before, 1e9, 0, 0).scale).toBe(3);
  });

  it('moves no more than is needed to show a layer', () => {
    const size = { width: 400, height: 300 };
    const viewport = { scale: 2, x: 0, y: 0 };
    expect(showing(viewport, { left: 40, right: 80 }, size)).toBe(viewport);
    for (const layer of [
      { left: 900, right: 972 },
      { left: -300, right: -228 },
    ]) {
      const { left, right } = seenSpan(showing(viewport, layer, size), size);
      expect(left).toBeLessThan(layer.left);
      expect(right).toBeGreaterThan(layer.right);
    }
  });
});
