import { describe, expect, it } from 'vitest';
import { WeightPath } from '../../../engine/landscape/weightPath.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';

const filled = (count: number, most: number) => {
  const path = new WeightPath({ title: '', optimizer: settingsOf('sgd') }, most);
  for (let i = 0; i < count; i++) path.add(i, { weights: Float64Array.of(i), statistics: new Float64Array() }, -i);
  return path;
};

describe('a path through weight space', () => {
  it('keeps everything as long as there is room', () => {
    expect(filled(8, 8).epochs).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([9, 10, 16, 17, 100, 1001])('of %i points keeps at most 8, evenly from the first to the last', count => {
    const { epochs, points, losses } = filled(count, 8);
    expect(epochs.length).toBeLessThanOrEqual(8);
    expect(epochs.length).toBeGreaterThanOrEqual(4);
    expect([epochs[0], epochs.at(-1)]).toEqual([0, count - 1]);
    const gaps = new Set(epochs.slice(1, -1).map((epoch, i) => epoch - epochs[i]!));
    expect(gaps.size).toBeLessThanOrEqual(1);
    expect(points.map(({ weights }) => weights[0])).toEqual(epochs);
    expect(losses.map(loss => 0 - loss)).toEqual(epochs);
  });
});
