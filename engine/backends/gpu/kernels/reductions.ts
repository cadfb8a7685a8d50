import { kernelSource, summed } from './kernelSource.ts';

/** [1, columns] ← Σ over the rows */
export const columnSums = kernelSource(['a'], `${summed('a[i][column]', 'rows')} return sum;`);

/** [1, columns] ← Σ over the rows of a ⊙ b */
export const columnProducts = kernelSource(['a', 'b'], `${summed('a[i][column] * b[i][column]', 'rows')} return sum;`);

/** A number for each row, at [0, row]: Σ over its columns of some `term` of `a[column][i]`, where `column` counts the rows. */
const rowSums = (parameters: readonly string[], term: string) =>
  kernelSource(parameters, `${summed(term, 'columns')} return sum;`);

export const rowSum = rowSums(['a'], 'a[column][i]');
export const rowSquares = rowSums(['a'], 'a[column][i] * a[column][i]');
/** Σ a ⊙ b of each row */
export const rowProducts = rowSums(['a', 'b'], 'a[column][i] * b[column][i]');
/** Σ a ⊙ scale of each row, with scale[1, columns] */
export const rowScaled = rowSums(['a', 'scale'], 'a[column][i] * scale[0][i]');
/** Σ a ⊙ b ⊙ scale of each row */
export const rowScaledProducts = rowSums(['a', 'b', 'scale'], 'a[column][i] * b[column][i] * scale[0][i]');
/** λ₁‖w‖₁ + λ₂‖w‖² of each row */
export const rowPenalties = rowSums(
  ['w', 'l1', 'l2'],
  'l1 * Math.abs(w[column][i]) + l2 * w[column][i] * w[column][i]',
);
/** How many numbers of each row are not finite: those that are not below the largest float32. */
export const rowFaults = rowSums(['a'], '(Math.abs(a[column][i]) < 3.4e38 ? 0.0 : 1.0)');

/** sum ← sum + Σ of the first `count` numbers of parts[1, ·] */
export const total = kernelSource(['before', 'parts'], `${summed('parts[0][i]', 'count', 'before[0][0]')} return sum;`);

/** mean ← Σ parts / divisor */
export const mean = kernelSource(['parts'], `${summed('parts[0][i]', 'count')} return sum / this.constants.divisor;`);
