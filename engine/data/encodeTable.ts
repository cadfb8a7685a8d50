import type { MissingPolicy } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { TargetEncoding } from '../model/task.ts';
import type { Table, TableHeader } from './csv.ts';
import type { Dataset } from './dataset.ts';
import { columnIndex, columnNames, encodeColumns, encodingOf, type ColumnEncoding } from './encode.ts';
import { encodeTargets } from './encodeTargets.ts';

/** How a table becomes features; the same for the rows of a prediction. */
export interface TableEncoding {
  /** Names of all columns, used or not. */
  readonly columns: readonly string[];
  readonly features: readonly ColumnEncoding[];
}

/** Indices of the columns to learn from and to predict. */
export interface ChosenColumns {
  readonly features: readonly number[];
  readonly targets: readonly number[];
}

/** Finds the columns that a model names. Throws `invalid-data` placed at the header. */
export function chooseColumns(
  header: TableHeader,
  targetNames: readonly string[],
  featureNames: readonly string[] | undefined,
): ChosenColumns {
  const { file, columns, headerLine } = header;
  const targets = targetNames.map(name => columnIndex(header, name, 'target'));
  const isTarget = new Set(targets);
  const features =
    featureNames?.map(name => columnIndex(header, name, 'feature')) ??
    columns.map((_, i) => i).filter(i => !isTarget.has(i));
  const shared = features.find(index => isTarget.has(index));
  if (shared !== undefined)
    throw new EngineError(
      'invalid-data',
      `The column "${columns[shared] ?? ''}" is both a feature and a target. Remove it from the features.`,
      { file, line: headerLine, column: shared + 1 },
    );
  if (features.length === 0)
    throw new EngineError('invalid-data', 'No column is left to learn from. Name fewer targets.', {
      file,
      line: headerLine,
      column: 1,
    });
  return { features, targets };
}

const remedy = 'Fill it in, or set "missing" of the data source to "dropRow" or "mean"';

/**
 * Turns a table into features and targets, as the network needs them. A cell without a value becomes NaN
 * unless `missing` is `error`; so does a target under `dropRow`.
 */
export function encodeTable(
  table: Table,
  { features: indices, targets }: ChosenColumns,
  encoding: TargetEncoding,
  missing: MissingPolicy,
): Dataset & { readonly encoding: TableEncoding } {
  const features = indices.map(index => encodingOf(table, index));
  return {
    encoding: { columns: table.columns, features },
    features: encodeColumns(table, features, missing === 'error' ? remedy : undefined),
    featureNames: features.flatMap(columnNames),
    ...encodeTargets(table, targets, encoding, missing),
  };
}
