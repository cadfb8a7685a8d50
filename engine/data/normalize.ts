import type { Matrix } from '../backends/backend.ts';
import type { Normalization } from '../model/dataFields.ts';

/** x ← (x − shift) / scale, for each column. */
export interface ColumnScaling {
  readonly shift: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Finds the scaling of each column from the training rows only.
 *
 *     standard: shift = mean, scale = √(Σ(x − mean)² / N)      minMax: shift = min, scale = max − min
 *
 * A constant column is divided by 1, so that it becomes 0 and nothing overflows.
 */
export function fitScaling(features: Matrix, rows: Int32Array, normalization: Normalization): ColumnScaling {
  const { columns, values } = features;
  const shift = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1);
  if (normalization === 'none') return { shift, scale };
  for (let c = 0; c < columns; c++) {
    const at = (row: number) => values[row * columns + c] ?? 0;
    if (normalization === 'minMax') {
      let min = Infinity;
      let max = -Infinity;
      for (const row of rows) {
        min = Math.min(min, at(row));
        max = Math.max(max, at(row));
      }
      shift[c] = min;
      scale[c] = max - min || 1;
    } else {
      let sum = 0;
      for (const row of rows) sum += at(row);
      const mean = sum / rows.length;
      let squares = 0;
      for (const row of rows) squares += (at(row) - mean) ** 2;
      shift[c] = mean;
      scale[c] = Math.sqrt(squares / rows.length) || 1;
    }
  }
  return { shift, scale };
}

/** Applies a scaling to every row, in place. */
export function applyScaling({ rows, columns, values }: Matrix, { shift, scale }: ColumnScaling): void {
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const i = r * columns + c;
      values[i] = ((values[i] ?? 0) - (shift[c] ?? 0)) / (scale[c] ?? 1);
    }
}
