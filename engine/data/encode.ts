import type { Matrix } from '../backends/backend.ts';
import { EngineError } from '../model/errors.ts';
import { maximumTrainingBytes } from '../model/shapes.ts';
import type { Cell, Column } from './column.ts';
import type { Table, TableHeader } from './csv.ts';
import { maximumTexts } from './dictionary.ts';

/** How one column of text becomes numbers. */
export type ColumnEncoding =
  | { readonly kind: 'number'; readonly name: string; readonly index: number }
  | { readonly kind: 'category'; readonly name: string; readonly index: number; readonly values: readonly string[] };

/**
 * Turns the named columns into numbers, category columns one-hot. A missing value becomes NaN, unless there is a
 * `remedy` to name: then it is an error. Throws `invalid-data` with line and column.
 */
export function encodeColumns(table: Table, encodings: readonly ColumnEncoding[], remedy?: string): Matrix {
  const columns = encodings.reduce((sum, encoding) => sum + encodedWidth(encoding), 0);
  if (table.rows * columns * 8 > maximumTrainingBytes)
    throw new EngineError(
      'memory-limit',
      `The data would take more than the ${String(maximumTrainingBytes / 1024 ** 3)} GB that a training may use, as ${String(columns)} numbers a row. Leave columns out with "features".`,
      { file: table.file, line: table.headerLine, column: 1 },
    );
  const matrix = { rows: table.rows, columns, values: new Float64Array(table.rows * columns) };
  let at = 0;
  const writers = encodings.map(encoding => {
    const start = at;
    at += encodedWidth(encoding);
    return encoding.kind === 'number'
      ? numberWriter(table, encoding, matrix, start, remedy)
      : categoryWriter(table, encoding, matrix, start, remedy);
  });
  // Rows come in blocks that stay in the cache while the columns are written one after another.
  for (let from = 0; from < table.rows; from += rowsAtOnce)
    for (const write of writers) write(from, Math.min(from + rowsAtOnce, table.rows));
  return matrix;
}

const rowsAtOnce = 256;

/** Writes a column's part of the rows [from, to). */
type Writer = (from: number, to: number) => void;

function numberWriter(
  table: Table,
  { index }: ColumnEncoding,
  { columns, values }: Matrix,
  at: number,
  remedy: string | undefined,
): Writer {
  const column = numericColumn(table, index, remedy);
  return (from, to) => {
    for (let row = from; row < to; row++) values[row * columns + at] = column.numberAt(row);
  };
}

function categoryWriter(
  table: Table,
  { index, values: known }: Extract<ColumnEncoding, { kind: 'category' }>,
  { columns, values }: Matrix,
  at: number,
  remedy: string | undefined,
): Writer {
  const column = table.column(index);
  const { firstEmpty, texts } = column;
  if (firstEmpty && remedy !== undefined) throw missingCell(table, index, firstEmpty, remedy);
  const order = new Map(known.map((value, i) => [value, i]));
  const unknown = column.findText(text => !order.has(text));
  if (unknown >= 0 || !texts)
    throw cellError(
      table,
      index,
      column.firstRowOf(unknown),
      `"${shorten(column.textAt(unknown))}" is none of the categories ${listed(known)}. Correct the cell`,
    );
  const places = texts.map(text => order.get(text) ?? 0);
  return (from, to) => {
    for (let row = from; row < to; row++) {
      const start = row * columns + at;
      const place = places[column.codeAt(row)];
      if (place === undefined) values.fill(NaN, start, start + known.length);
      else values[start + place] = 1;
    }
  };
}

/** A column that must hold numbers. Throws `invalid-data` at the first cell that is none. */
export function numericColumn(table: Table, index: number, remedy?: string): Column {
  const column = table.column(index);
  const { firstText, firstMissingNumber } = column;
  if (firstText)
    throw cellError(table, index, firstText.row, `"${shorten(firstText.text)}" is not a number. Correct the cell`);
  if (firstMissingNumber && remedy !== undefined) throw missingCell(table, index, firstMissingNumber, remedy);
  return column;
}

/** A column whose cells are all numbers is one; any other is a category, unless it looks like damaged numbers. */
export function encodingOf(table: Table, index: number): ColumnEncoding {
  const name = table.columns[index] ?? '';
  const column = table.column(index);
  // Mostly numbers: the odd cell is a mistake to be shown, not a category to be learned.
  if (column.isMostlyNumeric) {
    numericColumn(table, index);
    return { kind: 'number', name, index };
  }
  return { kind: 'category', name, index, values: categories(table, index) };
}

/** The texts of a column: ordered by value when all are numbers, else by code point. */
export function categories(table: Table, index: number): string[] {
  const { texts } = table.column(index);
  const name = table.columns[index] ?? '';
  const place = { file: table.file, line: table.headerLine, column: index + 1 };
  if (!texts)
    throw new EngineError(
      'invalid-data',
      `The column "${name}" holds more than ${String(maximumTexts)} different texts; a category may have ${String(maximumTexts)}. Leave it out with "features".`,
      place,
    );
  if (texts.length === 0)
    throw new EngineError('invalid-data', `The column "${name}" is empty. Fill it in, or leave it out.`, place);
  return orderedClasses(texts);
}

/** Classes by value when all are numbers, else by code point; two spellings of one number by code point. */
export function orderedClasses(texts: readonly string[]): string[] {
  const numeric = texts.every(text => decimalText.test(text));
  return texts.toSorted((a, b) => (numeric ? Number(a) - Number(b) : 0) || compareCodePoints(a, b));
}

const decimalText = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Bytes of UTF-8 have the order of their code points; UTF-16 has another beyond U+FFFF. */
const compareCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const encodedWidth = (encoding: ColumnEncoding) => (encoding.kind === 'number' ? 1 : encoding.values.length);
export const columnNames = (encoding: ColumnEncoding) =>
  encoding.kind === 'number' ? [encoding.name] : encoding.values.map(value => `${encoding.name}=${value}`);

/** The index of a column. Throws `invalid-data` with the names there are. */
export function columnIndex({ file, columns, headerLine }: TableHeader, name: string, role: string): number {
  const index = columns.indexOf(name);
  if (index < 0)
    throw new EngineError(
      'invalid-data',
      `There is no column "${name}" for the ${role}. The columns are ${listed(columns)}. Name one of them.`,
      { file, line: headerLine, column: 1 },
    );
  return index;
}

/** The error of a cell without a value. */
export const missingCell = (table: Table, index: number, { row, text }: Cell, remedy: string) =>
  cellError(table, index, row, `${text === '' ? 'the cell is empty' : `"${text}" stands for no value`}. ${remedy}`);

export const cellError = (table: Table, index: number, row: number, what: string) =>
  new EngineError('invalid-data', `In column "${table.columns[index] ?? ''}", ${what}.`, {
    file: table.file,
    line: table.lineOf(row),
    column: index + 1,
  });

export const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
const listed = (names: readonly string[]) =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
