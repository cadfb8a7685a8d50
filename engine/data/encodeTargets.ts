import type { Matrix } from '../backends/backend.ts';
import type { MissingPolicy } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { TargetEncoding } from '../model/task.ts';
import { isMissingWord } from './column.ts';
import type { Table } from './csv.ts';
import type { Dataset } from './dataset.ts';
import { categories, cellError, missingCell, numericColumn } from './encode.ts';

/** The part of a data set that is to be predicted. */
export type Targets = Pick<Dataset, 'targets' | 'targetNames' | 'classes'>;

/** A row without a target teaches nothing: it is an error, or under `dropRow` NaN, and the row is dropped. */
export function encodeTargets(
  table: Table,
  indices: readonly number[],
  encoding: TargetEncoding,
  policy: MissingPolicy,
): Targets {
  const remedy = policy === 'dropRow' ? undefined : 'Fill it in, or set "missing" of the data source to "dropRow"';
  const names = indices.map(index => table.columns[index] ?? '');
  const [index] = indices;
  if (encoding !== 'numbers' && indices.length === 1 && index !== undefined)
    return encodeClasses(table, index, encoding, remedy);
  const targets = encodeNumbers(table, indices, remedy);
  if (encoding === 'numbers') return { targets, targetNames: names, classes: [] };
  assertFlags(targets, (value, row, column) =>
    cellError(
      table,
      indices[column] ?? 0,
      row,
      `classes in several columns need 0 or 1 in each, not ${String(value)}. Correct the cell, or use meanSquaredError`,
    ),
  );
  return { targets, targetNames: names, classes: encoding === 'oneHot' ? names : [] };
}

function encodeNumbers(table: Table, indices: readonly number[], remedy: string | undefined): Matrix {
  const columns = indices.length;
  const values = new Float64Array(table.rows * columns);
  indices.forEach((index, c) => {
    const column = numericColumn(table, index, remedy);
    for (let row = 0; row < table.rows; row++) values[row * columns + c] = column.numberAt(row);
  });
  return { rows: table.rows, columns, values };
}

function encodeClasses(
  table: Table,
  index: number,
  encoding: Exclude<TargetEncoding, 'numbers'>,
  remedy: string | undefined,
): Targets {
  const column = table.column(index);
  const absent = column.isNumeric ? column.firstMissingNumber : column.firstEmpty;
  if (absent && remedy !== undefined) throw missingCell(table, index, absent, remedy);
  const found = categories(table, index);
  const classes = column.isNumeric ? found.filter(text => !isMissingWord(text)) : found;
  const order = new Map(classes.map((text, i) => [text, i]));
  const places = column.texts?.map(text => order.get(text) ?? -1) ?? [];
  return targetsOfClasses({
    name: table.columns[index] ?? '',
    classes,
    rows: table.rows,
    classAt: row => places[column.codeAt(row)] ?? -1,
    encoding,
    place: { file: table.file, line: table.headerLine, column: index + 1 },
  });
}

interface ClassTargets {
  readonly name: string;
  readonly classes: readonly string[];
  readonly rows: number;
  /** The class of a row, −1 where it has none. */
  readonly classAt: (row: number) => number;
  readonly encoding: Exclude<TargetEncoding, 'numbers'>;
  /** Where the target is named. */
  readonly place: EngineError['place'];
}

/** One column that holds a class: one-hot, or 0 and 1. NaN where a row has none. Throws `invalid-data`. */
export function targetsOfClasses({ name, classes, rows, classAt, encoding, place }: ClassTargets): Targets {
  if (classes.length < 2)
    throw new EngineError(
      'invalid-data',
      `The target "${name}" has only one class, "${classes[0] ?? ''}". There is nothing to tell apart. Add rows of another class.`,
      place,
    );
  if (encoding === 'binary' && classes.length > 2)
    throw new EngineError(
      'invalid-data',
      `The target "${name}" has ${String(classes.length)} classes, and a single output tells two apart. Use crossEntropy with softmax.`,
      place,
    );
  const columns = encoding === 'oneHot' ? classes.length : 1;
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const chosen = classAt(row);
    if (chosen < 0) values.fill(NaN, row * columns, (row + 1) * columns);
    else if (columns === 1) values[row] = chosen;
    else values[row * columns + chosen] = 1;
  }
  return { targets: { rows, columns, values }, targetNames: columns === 1 ? [name] : classes, classes };
}

/** Several targets of a classification: each must be 0 or 1, or NaN where a row has none. */
export function assertFlags(
  { rows, columns, values }: Matrix,
  error: (value: number, row: number, column: number) => EngineError,
): void {
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? NaN;
      if (value !== 0 && value !== 1 && !Number.isNaN(value)) throw error(value, row, column);
    }
}
