import type { Matrix } from './backend.ts';

/** Bins of a histogram. */
export const histogramBins = 30;

/** Numbers in a summary. */
export const summarySize = 4;

/** ‖x‖₂ = s √Σ (x/s)², out of a summary. At most the largest number there is. */
export function normOf({ values }: Matrix): number {
  const [min = 0, max = 0, , squares = 0] = values;
  return Math.min(Math.max(Math.abs(min), Math.abs(max)) * Math.sqrt(squares), Number.MAX_VALUE);
}
