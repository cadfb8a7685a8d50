import type { Matrix, NormStatistics } from '../backends/backend.ts';

const matrixOf = (rows: number, columns: number, at: (row: number, column: number) => number): Matrix => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
});

const entry = ({ values, columns }: Matrix, row: number, column: number): number => values[row * columns + column] ?? 0;

const mean = (count: number, at: (index: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += at(i);
  return sum / count;
};

/** s = √(variance + ε) of each column, [1, n]. */
export const columnDeviations = ({ variance, epsilon }: Pick<NormStatistics, 'variance' | 'epsilon'>): Matrix =>
  matrixOf(1, variance.columns, (_, c) => Math.sqrt(entry(variance, 0, c) + epsilon));

/** s = √(variance + ε) of each row, [batch, 1]; `variance` is [1, at least batch]. */
export const rowDeviations = (variance: Matrix, epsilon: number, rows: number): Matrix =>
  matrixOf(rows, 1, r => Math.sqrt(entry(variance, 0, r) + epsilon));

/** What a norm's gradient takes away from g: its mean, and the mean of its product with x̂. */
interface NormMeans {
  readonly meanGradient: Matrix;
  readonly meanProduct: Matrix;
}

/** mean(g) and mean(g ⊙ x̂) over the batch, [1, n] each. */
export const columnMeans = (gradient: Matrix, normalized: Matrix): NormMeans => {
  const { rows, columns } = gradient;
  const means = (of: (r: number, c: number) => number) => matrixOf(1, columns, (_, c) => mean(rows, r => of(r, c)));
  return {
    meanGradient: means((r, c) => entry(gradient, r, c)),
    meanProduct: means((r, c) => entry(gradient, r, c) * entry(normalized, r, c)),
  };
};

/** mean(h) and mean(h ⊙ x̂) over each row, h = scale ⊙ g, [batch, 1] each. */
export const rowMeans = (gradient: Matrix, scale: Matrix, normalized: Matrix): NormMeans => {
  const { rows, columns } = gradient;
  const scaled = (r: number, c: number) => entry(gradient, r, c) * entry(scale, 0, c);
  const means = (of: (r: number, c: number) => number) => matrixOf(rows, 1, r => mean(columns, c => of(r, c)));
  return {
    meanGradient: means(scaled),
    meanProduct: means((r, c) => scaled(r, c) * entry(normalized, r, c)),
  };
};
