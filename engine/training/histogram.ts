import type { Numbers } from '../backends/backend.ts';
import type { Histogram } from '../protocol/events.ts';

const bins = 30;

/** Counts the first `length` numbers, which are finite, in equal bins between the smallest and the largest. */
export function histogramOf(values: Numbers, length = values.length): Histogram {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < length; i++) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  const counts = Array<number>(bins).fill(0);
  // Divided first, since the distance between two numbers may be too large to be one.
  const width = max / bins - min / bins;
  for (let i = 0; i < length; i++) {
    const bin = width > 0 ? Math.floor(values[i]! / width - min / width) : 0;
    counts[Math.min(bins - 1, bin)]!++;
  }
  return { min, max, counts };
}
