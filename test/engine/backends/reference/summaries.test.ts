import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../../engine/backends/backend.ts';
import { referenceBackend } from '../../../../engine/backends/reference/reference.ts';
import { referenceSummaries } from '../../../../engine/backends/reference/summaries.ts';
import { histogramBins, normOf, summarySize } from '../../../../engine/backends/summaries.ts';

const row = (numbers: readonly number[]): Matrix => ({
  rows: 1,
  columns: numbers.length,
  values: Float64Array.from(numbers),
});

function summaryOf(numbers: readonly number[]) {
  const summary = referenceBackend.allocate(1, summarySize);
  const counts = referenceBackend.allocate(1, histogramBins);
  referenceSummaries.summarize(row(numbers), summary);
  referenceSummaries.count(row(numbers), summary, counts);
  return { summary, counts: [...counts.values] };
}

describe('a summary', () => {
  it('counts every number once in its histogram, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), numbers => {
        const { summary, counts } = summaryOf(numbers);
        expect([...summary.values].slice(0, 3)).toEqual([Math.min(...numbers), Math.max(...numbers), 0]);
        expect(counts.reduce((a, b) => a + b)).toBe(numbers.length);
      }),
    );
  });

  it('has the extremes in the first and last bin', () => {
    const { counts } = summaryOf([0, 1, 1, 0.5]);
    expect([counts[0], counts[15], counts.at(-1)]).toEqual([1, 1, 2]);
  });

  it('gives the norm of numbers whose squares would be too large, or too small', () => {
    expect(normOf(summaryOf([3e200, -4e200]).summary)).toBeCloseTo(5e200, -190);
    expect(normOf(summaryOf([3e-200, -4e-200]).summary) * 1e200).toBeCloseTo(5, 9);
    expect(normOf(summaryOf([0, 0]).summary)).toBe(0);
    expect(normOf(summaryOf(Array<number>(9).fill(Number.MAX_VALUE)).summary)).toBe(Number.MAX_VALUE);
  });

  it('counts what is not finite', () => {
    expect(summaryOf([1, NaN, -Infinity, 2]).summary.values[2]).toBe(2);
  });
});
