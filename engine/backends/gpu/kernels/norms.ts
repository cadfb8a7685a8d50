import { kernelSource, summed } from './kernelSource.ts';

/** Formulas are in `engine/backends/reference/norms.ts`. Statistics of columns stand at [0, column], those of rows at [0, row]. */

/** μ of each column */
export const columnMeans = kernelSource(['x'], `${summed('x[i][column]', 'rows')} return sum / this.constants.rows;`);

/** s² of each column */
export const columnVariances = kernelSource(
  ['x', 'mean'],
  `${summed('(x[i][column] - mean[0][column]) * (x[i][column] - mean[0][column])', 'rows')} return sum / this.constants.rows;`,
);

/** μ of each row; `column` counts the rows */
export const rowMeans = kernelSource(
  ['x'],
  `${summed('x[column][i]', 'columns')} return sum / this.constants.columns;`,
);

/** s² of each row; `column` counts the rows */
export const rowVariances = kernelSource(
  ['x', 'mean'],
  `${summed('(x[column][i] - mean[0][column]) * (x[column][i] - mean[0][column])', 'columns')} return sum / this.constants.columns;`,
);

/** What tells a norm over the batch from one over the row: where the statistics of a number stand, and how many numbers they are of. */
const over = {
  columns: { at: '[0][column]', count: 'this.constants.rows' },
  rows: { at: '[0][row]', count: 'this.constants.columns' },
} as const;

/** x̂ ← (x − μ) / √(s² + ε) */
export const normalize = (axis: keyof typeof over) =>
  kernelSource(
    ['x', 'mean', 'variance', 'epsilon'],
    `return (x[row][column] - mean${over[axis].at}) / Math.sqrt(variance${over[axis].at} + epsilon);`,
  );

/** z ← scale ⊙ x̂ + shift */
export const affine = kernelSource(
  ['normalized', 'scale', 'shift'],
  'return scale[0][column] * normalized[row][column] + shift[0][column];',
);

/** (h − mean(h) − x̂ ⊙ mean(h ⊙ x̂)) / √(s² + ε) with h = g ⊙ scale, given Σh and Σh ⊙ x̂ */
export const normalizeRowsGradient = kernelSource(
  ['gradient', 'normalized', 'variance', 'scale', 'sum', 'product', 'epsilon'],
  `const h = gradient[row][column] * scale[0][column];
  return (h - (sum[0][row] + normalized[row][column] * product[0][row]) / ${over.rows.count})
    / Math.sqrt(variance[0][row] + epsilon);`,
);

/** scale/√(s² + ε) ⊙ (g − mean(g) − x̂ ⊙ mean(g ⊙ x̂)), given Σg and Σg ⊙ x̂ */
export const normalizeColumnsGradient = kernelSource(
  ['gradient', 'normalized', 'variance', 'scale', 'sum', 'product', 'epsilon'],
  `const rest = gradient[row][column] - (sum[0][column] + normalized[row][column] * product[0][column]) / ${over.columns.count};
  return scale[0][column] / Math.sqrt(variance[0][column] + epsilon) * rest;`,
);
