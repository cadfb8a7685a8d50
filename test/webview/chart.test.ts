import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved, zoomed } from '../../webview/kit/chartZoom.ts';
import { smooth } from '../../webview/kit/smoothing.ts';

describe('the zoom of a chart', () => {
  it('keeps the point under the pointer where it is', () => {
    const range = zoomed({ min: 0, max: 100 }, 100, 0.5, 20);
    expect(range).toEqual({ min: 10, max: 60 });
  });

  it('ends where the axis ends, and is gone when everything is seen', () => {
    expect(zoomed({ min: 0, max: 50 }, 100, 2, 25)).toBeUndefined();
    expect(moved({ min: 50, max: 90 }, 100, 30)).toEqual({ min: 60, max: 100 });
    expect(moved({ min: 50, max: 90 }, 100, -80)).toEqual({ min: 0, max: 40 });
  });

  it('never leaves the axis, whatever is done', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, unit)), steps => {
        let range = { min: 0, max: 100 };
        for (const [a, b] of steps) {
          range = zoomed(range, 100, 0.5 + a, range.min + b * (range.max - range.min)) ?? { min: 0, max: 100 };
          range = moved(range, 100, (a - b) * 100);
          expect(range.min).toBeGreaterThanOrEqual(0);
          expect(range.max).toBeLessThanOrEqual(100 + 1e-9);
          expect(range.max).toBeGreaterThan(range.min);
        }
      }),
    );
  });
});

describe('smoothing', () => {
  it('begins at the first value and follows a constant exactly', () => {
    const points = [1, 1, 1].map((y, x) => ({ x, y }));
    for (const { y } of smooth(points, 0.9)) expect(y).toBeCloseTo(1, 12);
    expect(smooth(points, 0)).toBe(points);
  });

  it('is the corrected moving average of its formula', () => {
    const [, second] = smooth(
      [
        { x: 0, y: 1 },
        { x: 1, y: 3 },
      ],
      0.5,
    );
    expect(second?.y).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 3) / 0.75, 12);
  });
});
