import { EngineError } from '../model/errors.ts';
import type { TargetEncoding } from '../model/task.ts';
import type { Matrix } from '../backends/backend.ts';
import type { Table } from './csv.ts';
import type { Dataset } from './dataset.ts';

/** How one column of text becomes numbers. */
export type ColumnEncoding =
  | { readonly kind: 'number'; readonly name: string; readonly index: number }
  | { readonly kind: 'category'; readonly name: string; readonly index: number; readonly values: readonly string[] };

/** How a table becomes features and targets; the same for the rows of a prediction. */
export interface TableEncoding {
  /** Names of all columns, used or not. */
  readonly columns: readonly string[];
  readonly features: readonly ColumnEncoding[];
  readonly targets: readonly ColumnEncoding[];
}

/** Reads features and targets out of a table, as the network needs them. */
export function encodeTable(
  table: Table,
  targetNames: readonly string[],
  featureNames: readonly string[] | undefined,
  encoding: TargetEncoding,
): Dataset & { readonly encoding: TableEncoding } {
  const targetColumns = targetNames.map(name => columnIndex(table, name, 'target'));
  const wanted =
    featureNames?.map(name => columnIndex(table, name, 'feature')) ??
    table.columns.map((_, i) => i).filter(i => !targetColumns.includes(i));
  const shared = wanted.find(index => targetColumns.includes(index));
  if (shared !== undefined)
    throw new EngineError(
      'invalid-data',
      `The column "${table.columns[shared] ?? ''}" is both a feature and a target. Remove it from the features.`,
      { file: table.file, line: table.headerLine, column: shared + 1 },
    );
  if (wanted.length === 0)
    throw new EngineError('invalid-data', 'No column is left to learn from. Name fewer targets.', {
      file: table.file,
      line: table.headerLine,
      column: 1,
    });

  const features = wanted.map(index => encodingOf(table, index));
  const encodedFeatures = encodeColumns(table, features);
  const targets = targetColumns.map(index =>
    encoding === 'numbers' ? numberEncoding(table, index) : encodingOf(table, index),
  );
  return {
    encoding: { columns: table.columns, features, targets },
    features: encodedFeatures,
    featureNames: features.flatMap(columnNames),
    ...encodeTargets(table, targetColumns, targetNames, encoding),
  };
}

/** Turns the named columns into numbers, category columns one-hot. Throws `invalid-data` with line and column. */
export function encodeColumns(table: Table, encodings: readonly ColumnEncoding[]): Matrix {
  const columns = encodings.reduce((sum, encoding) => sum + width(encoding), 0);
  const values = new Float64Array(table.rows.length * columns);
  table.rows.forEach((row, r) => {
    let at = r * columns;
    for (const encoding of encodings) {
      const cell = row[encoding.index] ?? '';
      if (encoding.kind === 'number') values[at++] = numberIn(table, r, encoding.index, cell);
      else {
        const chosen = encoding.values.indexOf(cell.trim());
        if (chosen < 0)
          throw cellError(
            table,
            r,
            encoding.index,
            `"${shorten(cell)}" is none of the categories ${listed(encoding.values)}. Correct the cell`,
          );
        values[at + chosen] = 1;
        at += encoding.values.length;
      }
    }
  });
  return { rows: table.rows.length, columns, values };
}

function encodeTargets(
  table: Table,
  indices: readonly number[],
  names: readonly string[],
  encoding: TargetEncoding,
): Pick<Dataset, 'targets' | 'targetNames' | 'classes'> {
  if (encoding === 'numbers')
    return {
      targets: encodeColumns(
        table,
        indices.map(index => numberEncoding(table, index)),
      ),
      targetNames: names,
      classes: [],
    };
  const [index] = indices;
  if (index === undefined || indices.length > 1) return encodeFlags(table, indices, names, encoding);
  const classes = categories(table, index);
  if (classes.length < 2)
    throw new EngineError(
      'invalid-data',
      `The target "${names[0] ?? ''}" has only one class, "${classes[0] ?? ''}". There is nothing to tell apart. Add rows of another class.`,
      { file: table.file, line: table.headerLine, column: index + 1 },
    );
  if (encoding === 'binary' && classes.length > 2)
    throw new EngineError(
      'invalid-data',
      `The target "${names[0] ?? ''}" has ${String(classes.length)} classes, and a single output tells two apart. Use crossEntropy with softmax.`,
      { file: table.file, line: table.headerLine, column: index + 1 },
    );
  const columns = encoding === 'oneHot' ? classes.length : 1;
  const order = new Map(classes.map((name, i) => [name, i]));
  const values = new Float64Array(table.rows.length * columns);
  table.rows.forEach((row, r) => {
    const chosen = order.get((row[index] ?? '').trim()) ?? 0;
    if (columns === 1) values[r] = chosen;
    else values[r * columns + chosen] = 1;
  });
  return {
    targets: { rows: table.rows.length, columns, values },
    targetNames: columns === 1 ? names : classes,
    classes,
  };
}

/** Several targets of a classification: each column must hold 0 or 1. */
function encodeFlags(
  table: Table,
  indices: readonly number[],
  names: readonly string[],
  encoding: TargetEncoding,
): Pick<Dataset, 'targets' | 'targetNames' | 'classes'> {
  const targets = encodeColumns(
    table,
    indices.map(index => numberEncoding(table, index)),
  );
  targets.values.forEach((value, i) => {
    if (value !== 0 && value !== 1)
      throw cellError(
        table,
        Math.floor(i / targets.columns),
        indices[i % targets.columns] ?? 0,
        `Classes in several columns need 0 or 1 in each, not ${String(value)}. Correct the cell, or use meanSquaredError`,
      );
  });
  return { targets, targetNames: names, classes: encoding === 'oneHot' ? names : [] };
}

/** Classes or categories: ordered by value when all are numbers, else by code point. */
function categories(table: Table, index: number): string[] {
  const found = new Set<string>();
  table.rows.forEach((row, r) => {
    const cell = (row[index] ?? '').trim();
    if (cell === '') throw cellError(table, r, index, 'the cell is empty. Fill it in, or remove the row');
    found.add(cell);
  });
  const values = [...found];
  return values.every(isNumber)
    ? values.toSorted((a, b) => Number(a) - Number(b))
    : values.toSorted((a, b) => (a < b ? -1 : 1));
}

/** A column whose cells are all numbers is one; any other is a category, unless it looks like damaged numbers. */
function encodingOf(table: Table, index: number): ColumnEncoding {
  const name = table.columns[index] ?? '';
  const numbers = table.rows.filter(row => isNumber((row[index] ?? '').trim())).length;
  if (numbers === table.rows.length) return { kind: 'number', name, index };
  // Mostly numbers: the odd cell is a mistake to be shown, not a category to be learned.
  if (numbers * 2 > table.rows.length) {
    const row = table.rows.findIndex(cells => !isNumber((cells[index] ?? '').trim()));
    numberIn(table, row, index, table.rows[row]?.[index] ?? '');
  }
  const values = categories(table, index);
  if (values.length > 1000)
    throw new EngineError(
      'invalid-data',
      `The column "${name}" holds ${String(values.length)} different texts; a category may have 1000. Leave it out with "features".`,
      { file: table.file, line: table.headerLine, column: index + 1 },
    );
  return { kind: 'category', name, index, values };
}

const numberEncoding = (table: Table, index: number): ColumnEncoding => ({
  kind: 'number',
  name: table.columns[index] ?? '',
  index,
});

const width = (encoding: ColumnEncoding) => (encoding.kind === 'number' ? 1 : encoding.values.length);
const columnNames = (encoding: ColumnEncoding) =>
  encoding.kind === 'number' ? [encoding.name] : encoding.values.map(value => `${encoding.name}=${value}`);

/** The index of a column. Throws `invalid-data` with the names there are. */
export function columnIndex(table: Table, name: string, role: string): number {
  const index = table.columns.indexOf(name);
  if (index < 0)
    throw new EngineError(
      'invalid-data',
      `There is no column "${name}" for the ${role}. The columns are ${listed(table.columns)}. Name one of them.`,
      { file: table.file, line: table.headerLine, column: 1 },
    );
  return index;
}

/** Decimal notation only: no hexadecimal, no Infinity, no empty text read as 0. */
const isNumber = (cell: string): boolean =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) && Number.isFinite(Number(cell));

function numberIn(table: Table, row: number, index: number, cell: string): number {
  const text = cell.trim();
  if (isNumber(text)) return Number(text);
  throw cellError(
    table,
    row,
    index,
    text === ''
      ? 'the cell is empty. Fill it in, or remove the row'
      : `"${shorten(text)}" is not a number. Correct the cell`,
  );
}

const cellError = (table: Table, row: number, index: number, what: string) =>
  new EngineError('invalid-data', `In column "${table.columns[index] ?? ''}", ${what}.`, {
    file: table.file,
    line: table.lineOf(row),
    column: index + 1,
  });

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
const listed = (names: readonly string[]) =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
