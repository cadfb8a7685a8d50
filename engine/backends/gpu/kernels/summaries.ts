import type { Saturating } from '../../backend.ts';
import { histogramBins } from '../../summaries.ts';
import { kernelSource, summed, type KernelSource } from './kernelSource.ts';

/** `Summaries` says what these are for. */

/** change ← after − before */
export const difference = kernelSource(['after', 'before'], 'return after[row][column] - before[row][column];');

/** Of the four numbers of a summary the one that is asked for, counted from 0. */
const pick = (asked: string) => `
  let value = smallest;
  if (${asked} > 0) { value = largest; }
  if (${asked} > 1) { value = faults; }
  if (${asked} > 2) { value = squares; }
  return value;`;

const scale = `const scale = Math.max(Math.abs(smallest), Math.abs(largest));
  const unit = (scale > 0.0 ? scale : 1.0);`;

/** [4, rows] ← min x, max x, how many x are not finite, and Σ (x/s)² with s = max |x|, of each row; `column` counts the rows */
export const rowSummaries = kernelSource(
  ['a'],
  `let smallest = a[column][0];
  let largest = a[column][0];
  let faults = 0.0;
  for (let i = 0; i < this.constants.columns; i++) {
    const x = a[column][i];
    smallest = Math.min(smallest, x);
    largest = Math.max(largest, x);
    faults += (Math.abs(x) < 3.4e38 ? 0.0 : 1.0);
  }
  ${scale}
  let squares = 0.0;
  for (let j = 0; j < this.constants.columns; j++) {
    const y = a[column][j] / unit;
    squares += y * y;
  }
  ${pick('row')}`,
);

/** summary[1, 4] ← the same of a whole matrix: Σ (x/s)² is that of each row times (its s / s)² */
export const summary = kernelSource(
  ['parts'],
  `let smallest = parts[0][0];
  let largest = parts[1][0];
  let faults = 0.0;
  for (let i = 0; i < this.constants.rows; i++) {
    smallest = Math.min(smallest, parts[0][i]);
    largest = Math.max(largest, parts[1][i]);
    faults += parts[2][i];
  }
  ${scale}
  let squares = 0.0;
  for (let j = 0; j < this.constants.rows; j++) {
    const y = Math.max(Math.abs(parts[0][j]), Math.abs(parts[1][j])) / unit;
    squares += parts[3][j] * y * y;
  }
  ${pick('column')}`,
);

/** [bins, rows] ← how many numbers of each row lie in each bin; `column` counts the rows, `row` the bins */
export const rowCounts = kernelSource(
  ['a', 'summary'],
  `const low = summary[0][0];
  const width = (summary[0][1] - low) / ${String(histogramBins)}.0;
  const unit = (width > 0.0 ? width : 1.0);
  let count = 0.0;
  for (let i = 0; i < this.constants.columns; i++) {
    const bin = Math.max(0.0, Math.min(${String(histogramBins - 1)}.0, Math.floor((a[column][i] - low) / unit)));
    count += (Math.abs(bin - row) < 0.5 ? 1.0 : 0.0);
  }
  return count;`,
);

const flat: Record<Saturating, string> = {
  sigmoid: 'z[column][i] * (1.0 - z[column][i]) < 0.0125',
  tanh: '1.0 - z[column][i] * z[column][i] < 0.05',
};

/** How many outputs of each row are saturated, at [0, row]; `column` counts the rows. */
export const rowSaturated = (activation: Saturating): KernelSource =>
  kernelSource(['z'], `${summed(`(${flat[activation]} ? 1.0 : 0.0)`, 'columns')} return sum;`);

/** 1 for each column whose numbers are all 0, at [0, column] */
export const deadColumns = kernelSource(
  ['z'],
  `${summed('Math.abs(z[i][column])', 'rows')} return (sum > 0.0 ? 0.0 : 1.0);`,
);
