import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Calmly } from '../../../extension/training/calmly.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('what is wished often is done at once and then in its time, the last wish too', () => {
  const done: number[] = [];
  let wished = 0;
  const calmly = new Calmly(() => done.push(wished), 250);
  for (; wished < 10; vi.advanceTimersByTime(30)) {
    wished++;
    calmly.wish();
  }
  expect(done).toEqual([1, 9]);
  vi.advanceTimersByTime(250);
  expect(done).toEqual([1, 9, 10]);
  vi.advanceTimersByTime(1000);
  wished++;
  calmly.wish();
  expect(done).toEqual([1, 9, 10, 11]);
  calmly.wish();
  calmly.dispose();
  vi.advanceTimersByTime(1000);
  expect(done).toHaveLength(4);
});
