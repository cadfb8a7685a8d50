import type { Affine, Matrix, NormGradients, NormStatistics } from '../backend.ts';

/**
 * Batch and layer normalization.
 *
 *     x̂ = (x − μ) / √(s² + ε)      z = scale ⊙ x̂ + shift
 *
 * μ and s² are those of a column (over the batch) or of a row (over its values); s² divides by the count, not by one less.
 * Sources: Ioffe & Szegedy 2015; Ba, Kiros & Hinton 2016.
 */

export function columnMoments({ rows, columns, values }: Matrix, mean: Matrix, variance: Matrix): void {
  for (let c = 0; c < columns; c++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += values[r * columns + c]!;
    const center = sum / rows;
    let squares = 0;
    for (let r = 0; r < rows; r++) squares += (values[r * columns + c]! - center) ** 2;
    mean.values[c] = center;
    variance.values[c] = squares / rows;
  }
}

export function normalizeColumns(
  { rows, columns, values }: Matrix,
  { mean, variance, epsilon }: NormStatistics,
  { scale, shift }: Affine,
  normalized: Matrix,
  output: Matrix,
): void {
  for (let c = 0; c < columns; c++) {
    const deviation = Math.sqrt(variance.values[c]! + epsilon);
    for (let i = c; i < rows * columns; i += columns) {
      const unit = (normalized.values[i] = (values[i]! - mean.values[c]!) / deviation);
      output.values[i] = scale.values[c]! * unit + shift.values[c]!;
    }
  }
}

export function normalizeColumnsGradient(
  outputGradient: Matrix,
  normalized: Matrix,
  { variance, epsilon }: NormStatistics,
  scale: Matrix,
  gradients: NormGradients,
): void {
  const { rows, columns } = outputGradient;
  for (let c = 0; c < columns; c++) {
    let sum = 0;
    let product = 0;
    for (let i = c; i < rows * columns; i += columns) {
      sum += outputGradient.values[i]!;
      product += outputGradient.values[i]! * normalized.values[i]!;
    }
    gradients.shift.values[c] = sum;
    gradients.scale.values[c] = product;
    const factor = scale.values[c]! / Math.sqrt(variance.values[c]! + epsilon);
    for (let i = c; i < rows * columns; i += columns)
      gradients.input.values[i] =
        factor * (outputGradient.values[i]! - sum / rows - (normalized.values[i]! * product) / rows);
  }
}

export function normalizeRows(
  { rows, columns, values }: Matrix,
  epsilon: number,
  { scale, shift }: Affine,
  variance: Matrix,
  normalized: Matrix,
  output: Matrix,
): void {
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += values[start + c]!;
    const mean = sum / columns;
    let squares = 0;
    for (let c = 0; c < columns; c++) squares += (values[start + c]! - mean) ** 2;
    variance.values[r] = squares / columns;
    const deviation = Math.sqrt(squares / columns + epsilon);
    for (let c = 0; c < columns; c++) {
      const unit = (normalized.values[start + c] = (values[start + c]! - mean) / deviation);
      output.values[start + c] = scale.values[c]! * unit + shift.values[c]!;
    }
  }
}

export function normalizeRowsGradient(
  outputGradient: Matrix,
  normalized: Matrix,
  epsilon: number,
  variance: Matrix,
  scale: Matrix,
  gradients: NormGradients,
): void {
  const { rows, columns } = outputGradient;
  gradients.scale.values.fill(0, 0, columns);
  gradients.shift.values.fill(0, 0, columns);
  for (let r = 0; r < rows; r++) {
    const start = r * columns;
    let sum = 0;
    let product = 0;
    for (let c = 0; c < columns; c++) {
      const g = outputGradient.values[start + c]!;
      const unit = normalized.values[start + c]!;
      sum += g * scale.values[c]!;
      product += g * scale.values[c]! * unit;
      gradients.scale.values[c]! += g * unit;
      gradients.shift.values[c]! += g;
    }
    const deviation = Math.sqrt(variance.values[r]! + epsilon);
    for (let c = 0; c < columns; c++) {
      const h = outputGradient.values[start + c]! * scale.values[c]!;
      gradients.input.values[start + c] =
        (h - sum / columns - (normalized.values[start + c]! * product) / columns) / deviation;
    }
  }
}
