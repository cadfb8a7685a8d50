import { describe, expect, it } from 'vitest';
import { layerShapes } from '../../engine/model/shapes.ts';
import { layOut, type Picture } from '../../webview/designer/geometry.ts';
import { between } from '../../webview/designer/glide.ts';
import { block, dense } from './layers.ts';

const layers = [dense('a', 3), block('r', [dense('b', 3)]), dense('out', 1)];
const drawing = { layers, shapes: layerShapes(layers, 2), inputs: 2 };
const closed = layOut(drawing);
const open = layOut(drawing, { place: { block: [1], index: 0 }, units: 3, dense: true });
const xOf = ({ columns }: Picture, kind: string, path: string) =>
  columns.find(column => column.kind === kind && column.path.join('.') === path)?.x ?? NaN;

describe('a picture on its way to another', () => {
  it('begins where things were and ends where they will be', () => {
    const start = between(closed, open, 0);
    expect(start.columns.filter(({ kind }) => kind !== 'slot').map(({ x }) => x)).toEqual(
      closed.columns.map(({ x }) => x),
    );
    expect(start.blocks.map(({ left, right }) => [left, right])).toEqual(
      closed.blocks.map(({ left, right }) => [left, right]),
    );
    expect(between(closed, open, 1)).toEqual(open);
    expect(between(open, closed, 1)).toEqual(closed);
  });

  it('lets the slot come out of its gap, between its neighbours', () => {
    const start = between(closed, open, 0);
    expect(xOf(start, 'slot', '1.0')).toBe((xOf(closed, 'layer', '0') + xOf(closed, 'layer', '1.0')) / 2);
  });

  it('moves everything behind the gap, the block’s end and the loss too, and nothing before it', () => {
    const half = between(closed, open, 0.5);
    expect(xOf(half, 'layer', '0')).toBe(xOf(closed, 'layer', '0'));
    for (const [kind, path] of [
      ['layer', '1.0'],
      ['sum', '1'],
      ['layer', '2'],
    ] as const)
      expect(xOf(half, kind, path)).toBe((xOf(closed, kind, path) + xOf(open, kind, path)) / 2);
    expect(half.lossX).toBe((closed.lossX + open.lossX) / 2);
    expect(half.blocks[0]?.sum.x).toBe(xOf(half, 'sum', '1'));
    expect(half.blocks[0]?.from.x).toBe(xOf(half, 'layer', '0'));
  });
});
