import type { Matrix } from '../backends/backend.ts';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import type { Dataset, Split } from './dataset.ts';
import { splitRows } from './split.ts';

/** Numbers of features that one column of the data became: 1, or one a category. */
export type FeatureWidths = readonly number[];

/** What was done about missing values. */
export interface Missing {
  readonly droppedRows: number;
  readonly filledCells: number;
  /** What stands in for a missing value of each feature, before normalization; only under `mean`. */
  readonly fill: Float64Array | undefined;
}

/** Splits the rows, and drops or fills those that lack a value, as the model asks. Fills in place. Throws `invalid-data`. */
export function completeRows(
  given: ModelInFile,
  dataset: Dataset,
  widths: FeatureWidths,
): { readonly split: Split; readonly missing: Missing } {
  const { source } = given.model.data;
  const policy = 'missing' in source ? source.missing : 'error';
  if (policy !== 'mean') {
    const incomplete = policy === 'dropRow' ? incompleteRows(dataset) : undefined;
    const droppedRows = incomplete?.reduce((sum, one) => sum + one, 0) ?? 0;
    return {
      split: splitRows(given, dataset, incomplete),
      missing: { droppedRows, filledCells: 0, fill: undefined },
    };
  }
  const split = splitRows(given, dataset, undefined);
  const fill = fitFill(dataset.features, widths, split.train);
  const filledCells = fillMissing(dataset.features, widths, fill);
  const unknown = incompleteColumn(dataset.features);
  if (unknown !== undefined)
    throw new EngineError(
      'invalid-data',
      `The feature "${dataset.featureNames[unknown] ?? ''}" has no value in any training row, so there is none to fill in. Leave it out, or use "dropRow".`,
      placeIn(given, ['data', 'source', 'missing']),
    );
  return { split, missing: { droppedRows: 0, filledCells, fill } };
}

const incompleteColumn = ({ columns, values }: Matrix): number | undefined => {
  const at = values.findIndex(Number.isNaN);
  return at < 0 ? undefined : at % columns;
};

/** 1 for each row that lacks a feature or a target; undefined when none does. */
export function incompleteRows({ features, targets }: Pick<Dataset, 'features' | 'targets'>): Uint8Array | undefined {
  const incomplete = new Uint8Array(features.rows);
  let found = false;
  for (const { columns, values } of [features, targets])
    for (let row = 0; row < incomplete.length; row++)
      for (let i = row * columns; i < (row + 1) * columns; i++)
        if (Number.isNaN(values[i])) {
          incomplete[row] = 1;
          found = true;
          break;
        }
  return found ? incomplete : undefined;
}

/**
 * What stands in for a missing value, for each feature: the mean of the training rows that have one;
 * for a category the most frequent of them, one-hot.
 *
 *     x̄ = Σ x / N over the training rows where x is known
 *
 * NaN for a column that no training row knows.
 */
export function fitFill({ columns, values }: Matrix, widths: FeatureWidths, rows: Int32Array): Float64Array {
  const fill = new Float64Array(columns);
  const counts = new Float64Array(columns);
  for (const row of rows)
    for (let c = 0; c < columns; c++) {
      const value = values[row * columns + c] ?? NaN;
      if (Number.isNaN(value)) continue;
      counts[c] = (counts[c] ?? 0) + 1;
      fill[c] = (fill[c] ?? 0) + value;
    }
  for (let c = 0; c < columns; c++) fill[c] = (fill[c] ?? 0) / (counts[c] ?? 0);
  let at = 0;
  for (const width of widths) {
    // Means of one-hot columns are the shares of the categories.
    if (width > 1) takeLargest(fill.subarray(at, at + width));
    at += width;
  }
  return fill;
}

/** One-hot of the largest share; the first of equals. */
function takeLargest(shares: Float64Array): void {
  const largest = shares.indexOf(Math.max(...shares));
  if (largest < 0) return;
  shares.fill(0);
  shares[largest] = 1;
}

/** Puts `fill` where a value is missing, in place. Returns how many cells were filled. */
export function fillMissing({ rows, columns, values }: Matrix, widths: FeatureWidths, fill: Float64Array): number {
  let filled = 0;
  for (let row = 0; row < rows; row++) {
    let at = 0;
    for (const width of widths) {
      const start = row * columns + at;
      if (Number.isNaN(values[start])) {
        values.set(fill.subarray(at, at + width), start);
        filled++;
      }
      at += width;
    }
  }
  return filled;
}
