import type { Matrix } from '../backends/backend.ts';
import type { MissingPolicy } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { TargetEncoding } from '../model/task.ts';
import { maximumColumns } from './csvRecords.ts';
import type { Dataset } from './dataset.ts';
import { maximumTexts } from './dictionary.ts';
import { assertFlags, targetsOfClasses, type Targets } from './encodeTargets.ts';
import type { NumberArray } from './numberArray.ts';

/** What the columns of arrays, which have no names, are called. */
export interface ArrayNames {
  readonly feature: string;
  readonly target: string;
}

/** Makes a data set of two arrays with as many rows; [rows, …] is flattened to [rows, columns]. Throws `invalid-data`. */
export function arraysDataset(
  features: NumberArray,
  targets: NumberArray,
  names: ArrayNames,
  encoding: TargetEncoding,
  missing: MissingPolicy,
): Dataset {
  const inputs = matrixOf(features);
  const outputs = matrixOf(targets);
  if (outputs.rows !== inputs.rows)
    throw invalid(
      targets,
      `There are ${String(outputs.rows)} targets for ${String(inputs.rows)} rows of features. Both files need the same rows.`,
    );
  assertNumbers(features, inputs, missing);
  assertNumbers(targets, outputs, missing === 'dropRow' ? 'dropRow' : 'error');
  return {
    features: inputs,
    featureNames: Array.from({ length: inputs.columns }, (_, i) => `${names.feature}${String(i + 1)}`),
    ...arrayTargets(targets, outputs, names.target, encoding),
  };
}

function matrixOf(array: NumberArray): Matrix {
  const [rows = 0, ...rest] = array.shape;
  const columns = rest.reduce((product, length) => product * length, 1);
  if (columns > maximumColumns)
    throw invalid(
      array,
      `There are ${String(columns)} numbers a row; at most ${String(maximumColumns)} can be read. The first dimension must be the rows.`,
    );
  return { rows, columns, values: array.values };
}

/** A NaN is a missing value; an infinity is a mistake. */
function assertNumbers(array: NumberArray, { columns, values }: Matrix, missing: MissingPolicy): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value) || (Number.isNaN(value) && missing !== 'error')) continue;
    throw invalid(
      array,
      `Row ${String(Math.floor(i / columns))}, number ${String((i % columns) + 1)} is ${String(value)}. Correct it${Number.isNaN(value) ? ', or set "missing" of the data source to "dropRow"' : ''}.`,
    );
  }
}

function arrayTargets(array: NumberArray, targets: Matrix, name: string, encoding: TargetEncoding): Targets {
  const { rows, columns, values } = targets;
  const names = columns === 1 ? [name] : Array.from({ length: columns }, (_, i) => `${name}${String(i + 1)}`);
  if (encoding === 'numbers') return { targets, targetNames: names, classes: [] };
  if (columns > 1) {
    assertFlags(targets, (value, row) =>
      invalid(
        array,
        `Row ${String(row)} holds ${String(value)}; classes in several columns need 0 or 1 in each. Correct it, or use meanSquaredError.`,
      ),
    );
    return { targets, targetNames: names, classes: encoding === 'oneHot' ? names : [] };
  }
  const found = new Set<number>();
  for (let row = 0; row < rows && found.size <= maximumTexts; row++) found.add((values[row] ?? NaN) + 0);
  found.delete(NaN);
  if (found.size > maximumTexts)
    throw invalid(
      array,
      `The targets hold more than ${String(maximumTexts)} different numbers; there may be ${String(maximumTexts)} classes. Use meanSquaredError to predict numbers.`,
    );
  const ordered = [...found].sort((a, b) => a - b);
  const order = new Map(ordered.map((value, i) => [value, i]));
  return targetsOfClasses({
    name,
    classes: ordered.map(String),
    rows,
    classAt: row => order.get(values[row] ?? NaN) ?? -1,
    encoding,
    place: { file: array.file },
  });
}

const invalid = ({ file }: NumberArray, message: string) => new EngineError('invalid-data', message, { file });
