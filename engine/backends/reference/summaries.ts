import type { Matrix, Saturating, Summaries } from '../backend.ts';
import { histogramBins } from '../summaries.ts';

const isFlat: Record<Saturating, (z: number) => boolean> = {
  sigmoid: z => z * (1 - z) < 0.0125,
  tanh: z => 1 - z * z < 0.05,
};

/** What `Summaries` says, number by number. */
export const referenceSummaries: Summaries = {
  copy(values, copy) {
    copy.values.set(numbersOf(values));
  },

  difference(after, before, change) {
    numbersOf(change).forEach((_, i, changes) => {
      changes[i] = after.values[i]! - before.values[i]!;
    });
  },

  summarize(values, summary) {
    const numbers = numbersOf(values);
    let [min, max, faults] = [Infinity, -Infinity, 0];
    for (const x of numbers) {
      min = Math.min(min, x);
      max = Math.max(max, x);
      if (!Number.isFinite(x)) faults++;
    }
    const scale = Math.max(Math.abs(min), Math.abs(max));
    let squares = 0;
    if (scale > 0) for (const x of numbers) squares += (x / scale) ** 2;
    summary.values.set([min, max, faults, squares]);
  },

  count(values, { values: [min = 0, max = 0] }, counts) {
    counts.values.fill(0);
    // Divided first, since the distance between two numbers may be too large to be one.
    const width = max / histogramBins - min / histogramBins;
    for (const x of numbersOf(values)) {
      const bin = width > 0 ? Math.floor(x / width - min / width) : 0;
      counts.values[Math.min(histogramBins - 1, bin)]!++;
    }
  },

  saturatedShare(activation, output, share) {
    const numbers = numbersOf(output);
    let flat = 0;
    for (const z of numbers) if (isFlat[activation](z)) flat++;
    share[0] = flat / numbers.length;
  },

  deadShare({ rows, columns, values }, share) {
    let dead = 0;
    for (let column = 0; column < columns; column++) {
      let row = 0;
      while (row < rows && values[row * columns + column] === 0) row++;
      if (row === rows) dead++;
    }
    share[0] = dead / columns;
  },
};

const numbersOf = ({ rows, columns, values }: Matrix) => values.subarray(0, rows * columns);
