import type { Matrix, Numbers } from '../backends/backend.ts';
import { shownSize, type Figure } from '../protocol/explanation.ts';

/** A weight matrix as it is drawn: rows are nodes, columns what they see. */
export const figureOf = ({ rows, columns, values }: Matrix): Figure =>
  figure(rows, columns, (i, j) => values[i * columns + j] ?? 0);

/** A batch or a bias as it is drawn: a column a sample, as the article writes it, while rows lie in memory. */
export const columnsFigure = ({ rows, columns, values }: Matrix): Figure =>
  figure(columns, rows, (i, j) => values[j * columns + i] ?? 0);

/** Numbers that belong to the entries of a parameter, as that parameter is drawn. */
export const parameterFigure = (kind: string, shape: Pick<Matrix, 'rows' | 'columns'>, values: Numbers): Figure =>
  kind === 'weight' ? figureOf({ ...shape, values }) : columnsFigure({ ...shape, values });

/** Indices, row by row, of the entries of a matrix that are drawn. */
export function shownEntries(kind: string, { rows, columns }: Pick<Matrix, 'rows' | 'columns'>): number[] {
  const shownRows = kind === 'weight' ? Math.min(rows, shownSize) : rows;
  return Array.from({ length: shownRows }, (_, i) => i).flatMap(i =>
    Array.from({ length: Math.min(columns, shownSize) }, (_, j) => i * columns + j),
  );
}

const figure = (rows: number, columns: number, at: (row: number, column: number) => number): Figure => ({
  rows,
  columns,
  values: Array.from({ length: Math.min(rows, shownSize) }, (_, i) =>
    Array.from({ length: Math.min(columns, shownSize) }, (_, j) => at(i, j)),
  ),
});
