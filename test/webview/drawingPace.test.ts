import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrawingPace } from '../../webview/kit/drawingPace.ts';

describe('a page that draws what changes by itself', () => {
  let drawings: number[];
  let pace: DrawingPace;
  beforeEach(() => {
    vi.useFakeTimers();
    drawings = [];
    pace = new DrawingPace(() => drawings.push(performance.now()));
  });
  afterEach(() => {
    pace.dispose();
    vi.useRealTimers();
  });

  /** Changes come all the time, and each drawing takes so many milliseconds. */
  function gaps(cost: number): number[] {
    for (let i = 0; i < 2000; i++) {
      const before = drawings.length;
      pace.wish();
      vi.advanceTimersByTime(1);
      if (drawings.length > before) setTimeout(() => pace.done(), cost);
    }
    return drawings.slice(1).map((time, i) => time - (drawings[i] ?? 0));
  }

  it('draws at once after a pause', () => {
    pace.wish();
    vi.advanceTimersByTime(0);
    expect(drawings).toHaveLength(1);
  });

  it('draws ten times a second where that takes little', () => {
    expect(Math.min(...gaps(3))).toBeGreaterThanOrEqual(100);
    expect(drawings.length).toBeGreaterThanOrEqual(19);
  });

  it('rests twice as long as it drew where that takes long', () => {
    expect(Math.min(...gaps(100))).toBeGreaterThanOrEqual(300);
    expect(drawings.length).toBeGreaterThanOrEqual(6);
  });

  it('draws what came last, though it came while it drew', () => {
    pace.wish();
    vi.advanceTimersByTime(0);
    pace.wish();
    vi.advanceTimersByTime(500);
    expect(drawings).toHaveLength(1);
    pace.done();
    vi.advanceTimersByTime(1000);
    expect(drawings).toHaveLength(2);
    pace.done();
    vi.advanceTimersByTime(1000);
    expect(drawings).toHaveLength(2);
  });
});
