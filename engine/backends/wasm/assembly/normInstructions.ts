/* The instructions of the norms, as those in `instructions.ts`. */
import { pieceLength } from '../layout';
import { operand, takeFrom } from './instructions';
import {
  blend,
  columnMoments,
  columnProducts,
  normalizeColumns,
  normalizeColumnsGradient,
  normalizeRow,
  normalizeRowGradient,
  pieceColumns,
} from './norms';
import { barrier } from './team';

/** A float32 among the operands. */
// @ts-ignore: decorators are the compiler's own.
@inline
function number(at: usize, index: i32): f32 {
  return f32.load(at + (index << 2));
}

/** average ← kept · average + share · values. Operands: average, values, count, kept, share. */
export function runBlend(at: usize): void {
  blend(operand(at, 1), operand(at, 2), operand(at, 3), number(at, 4), number(at, 5));
}

/** Operands: x, mean, variance, rows, columns. */
export function runColumnMoments(at: usize): void {
  const columns = operand(at, 5);
  for (let c = takeFrom(columns, pieceColumns); c >= 0; c = takeFrom(columns, pieceColumns))
    columnMoments(operand(at, 1), operand(at, 4), columns, c, operand(at, 2), operand(at, 3));
  barrier();
}

/** sums ← Σ a ⊙ b over the rows. Operands: a, b, sums, rows, columns. */
export function runColumnProducts(at: usize): void {
  const columns = operand(at, 5);
  for (let c = takeFrom(columns, pieceColumns); c >= 0; c = takeFrom(columns, pieceColumns))
    columnProducts(operand(at, 1), operand(at, 2), operand(at, 4), columns, c, operand(at, 3));
  barrier();
}

/** Operands: x, mean, variance, scale, shift, x̂, z, rows, columns, ε. */
export function runNormalizeColumns(at: usize): void {
  const columns = operand(at, 9);
  for (let c = takeFrom(columns, pieceColumns); c >= 0; c = takeFrom(columns, pieceColumns))
    normalizeColumns(
      operand(at, 1),
      operand(at, 8),
      columns,
      c,
      operand(at, 2),
      operand(at, 3),
      number(at, 10),
      operand(at, 4),
      operand(at, 5),
      operand(at, 6),
      operand(at, 7),
    );
  barrier();
}

/** Operands: outputGradient, x̂, variance, scale, Σg, Σg ⊙ x̂, inputGradient, rows, columns, ε. */
export function runNormalizeColumnsGradient(at: usize): void {
  const columns = operand(at, 9);
  for (let c = takeFrom(columns, pieceColumns); c >= 0; c = takeFrom(columns, pieceColumns))
    normalizeColumnsGradient(
      operand(at, 1),
      operand(at, 2),
      operand(at, 8),
      columns,
      c,
      operand(at, 3),
      number(at, 10),
      operand(at, 4),
      operand(at, 5),
      operand(at, 6),
      operand(at, 7),
    );
  barrier();
}

/** Operands: x, variance, scale, shift, x̂, z, rows, columns, ε. */
export function runNormalizeRows(at: usize): void {
  const rows = operand(at, 7);
  const columns = operand(at, 8);
  const rowsAtOnce = max(1, pieceLength / columns);
  for (let first = takeFrom(rows, rowsAtOnce); first >= 0; first = takeFrom(rows, rowsAtOnce))
    for (let row = first; row < min(rows, first + rowsAtOnce); row++) {
      const offset = (row * columns) << 2;
      normalizeRow(
        operand(at, 1) + offset,
        columns,
        operand(at, 2) + (row << 2),
        number(at, 9),
        operand(at, 3),
        operand(at, 4),
        operand(at, 5) + offset,
        operand(at, 6) + offset,
      );
    }
  barrier();
}

/** Operands: outputGradient, x̂, variance, scale, inputGradient, rows, columns, ε. */
export function runNormalizeRowsGradient(at: usize): void {
  const rows = operand(at, 6);
  const columns = operand(at, 7);
  const rowsAtOnce = max(1, pieceLength / columns);
  for (let first = takeFrom(rows, rowsAtOnce); first >= 0; first = takeFrom(rows, rowsAtOnce))
    for (let row = first; row < min(rows, first + rowsAtOnce); row++) {
      const offset = (row * columns) << 2;
      normalizeRowGradient(
        operand(at, 1) + offset,
        operand(at, 2) + offset,
        columns,
        f32.load(operand(at, 3) + (row << 2)),
        number(at, 8),
        operand(at, 4),
        operand(at, 5) + offset,
      );
    }
  barrier();
}
