import { describe, expect, it } from 'vitest';
import { thinned } from '../../../engine/protocol/thinning.ts';
import { metricsEvent } from '../../support/events.ts';

const epochsOf = (points: readonly { readonly epoch: number }[]) => points.map(({ epoch }) => epoch);

describe('thinned points', () => {
  it('are so many at most, in their order, and keep every spike, the first and the last', () => {
    const [spike, dip] = [613, 700];
    const metrics = Array.from({ length: 1001 }, (_, i) =>
      metricsEvent(i, i === spike ? { trainLoss: 50 } : i === dip ? { trainLoss: -1 } : {}),
    );
    const epochs = epochsOf(thinned(metrics, 500));
    expect(epochs.length).toBeLessThanOrEqual(500);
    expect(epochs.length).toBeGreaterThan(400);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    for (const epoch of [0, spike, dip, 1000]) expect(epochs).toContain(epoch);
  });

  it('lie evenly over the whole run, however often they are thinned while it grows', () => {
    let points = [metricsEvent(0)];
    for (let epoch = 1; epoch <= 100_000; epoch++) {
      points.push(metricsEvent(epoch));
      if (points.length > 200) points = thinned(points, 100);
    }
    const epochs = epochsOf(points);
    const gaps = epochs.slice(1).map((epoch, i) => epoch - (epochs[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(100_000 / 20);
  });

  it('are the same when there are few', () => {
    const few = [metricsEvent(0), metricsEvent(1), metricsEvent(2)];
    expect(thinned(few, 10)).toEqual(few);
    expect(thinned([], 10)).toEqual([]);
  });
});
