import { describe, expect, it } from 'vitest';
import { edgesPath, fit, gapAt, indexAfterMove, layOut, toPicture, zoomAt } from '../../webview/designer/geometry.ts';

const layers = [16, 8, 3];
const picture = layOut(layers, 4);

describe('the layout of a network', () => {
  it('stands from left to right without touching', () => {
    const xs = [picture.dataX, picture.input.x, ...picture.layers.map(({ x }) => x), picture.lossX];
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    expect(picture.gaps).toHaveLength(layers.length + 1);
    picture.gaps.forEach(({ x }, i) => {
      expect(x).toBeGreaterThan([picture.input, ...picture.layers][i]?.x ?? NaN);
    });
  });

  it('draws up to a dozen nodes, and one that stands for all the others', () => {
    expect(layOut([12], 1).layers[0]?.nodes).toHaveLength(12);
    const large = layOut([4096], 1).layers[0]?.nodes ?? [];
    expect(large).toHaveLength(12);
    expect(large.reduce((sum, { stands }) => sum + stands, 0)).toBe(4096);
  });

  it('is in the middle of its height', () => {
    const ys = picture.layers[1]?.nodes.map(({ y }) => y) ?? [];
    expect(ys.reduce((sum, y) => sum + y, 0)).toBeCloseTo(0);
    expect(Math.min(...ys)).toBeGreaterThan(picture.top);
    expect(Math.max(...ys)).toBeLessThan(picture.bottom);
  });

  it('opens a gap by moving everything after it by one column', () => {
    const open = layOut(layers, 4, { gap: 1, units: 8 });
    const step = (picture.layers[1]?.x ?? 0) - (picture.layers[0]?.x ?? 0);
    expect(open.layers.map(({ x }, i) => x - (picture.layers[i]?.x ?? 0))).toEqual([0, step, step]);
    expect(open.slot?.x).toBe(picture.layers[1]?.x);
  });

  it('draws every edge between the nodes of two columns', () => {
    const [from, to] = picture.layers;
    expect(from && to && edgesPath(from, to).split('M').length - 1).toBe(12 * 8);
  });
});

describe('the gap under a pointer', () => {
  it.each([0, 1, 2, 3])('is the nearest one: %i', gap => {
    const { x } = picture.gaps[gap] ?? { x: NaN };
    expect(gapAt(picture, x, 0)).toBe(gap);
    expect(gapAt(picture, x + 30, 100)).toBe(gap);
  });

  it('is none far away', () => {
    expect(gapAt(picture, -100, 0)).toBeUndefined();
    expect(gapAt(picture, picture.width + 10, 0)).toBeUndefined();
    expect(gapAt(picture, 200, picture.bottom + 500)).toBeUndefined();
  });

  it.each([
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 1],
    [2, 0, 0],
    [1, 3, 2],
  ])('takes layer %i dropped on gap %i to place %i', (from, gap, to) => {
    expect(indexAfterMove(from, gap)).toBe(to);
  });
});

describe('the viewport', () => {
  it('fits any network into any window, never enlarged', () => {
    for (const [width, height] of [
      [1000, 800],
      [300, 200],
    ] as const) {
      const viewport = fit(picture, width, height);
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
});
