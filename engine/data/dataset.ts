import type { Matrix } from '../backends/backend.ts';
import type { FeatureName } from '../model/planeFeatures.ts';

/** Rows ready to train on, in float64. Nothing is normalized yet. */
export interface Dataset {
  /** [rows, inputs] */
  readonly features: Matrix;
  /** [rows, outputs]: one-hot for crossEntropy, 0 or 1 for binaryCrossEntropy, numbers for a regression. */
  readonly targets: Matrix;
  readonly featureNames: readonly string[];
  readonly targetNames: readonly string[];
  /** Class names in the order of the outputs; empty for a regression. */
  readonly classes: readonly string[];
  /** Where the features were computed of two coordinates: those, [rows, 2], and what was computed. */
  readonly derived?: { readonly points: Matrix; readonly names: readonly FeatureName[] };
}

/** 0-based rows of each part. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** The class of a row: the largest of several outputs, or whether a single one is above ½. */
export function classOf(targets: Matrix, row: number): number {
  const { columns, values } = targets;
  if (columns === 1) return (values[row] ?? 0) > 0.5 ? 1 : 0;
  let best = 0;
  for (let c = 1; c < columns; c++)
    if ((values[row * columns + c] ?? 0) > (values[row * columns + best] ?? 0)) best = c;
  return best;
}
