import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { EngineError } from '../model/errors.ts';

/** A table as text: nothing has been understood yet. */
export interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  /** Each row has exactly as many cells as there are columns. */
  readonly rows: readonly (readonly string[])[];
  /** Line of the header, counting from 1. */
  readonly headerLine: number;
  /** Line on which a row begins. */
  lineOf(row: number): number;
}

export interface CsvOptions {
  readonly delimiter?: string | undefined;
  readonly header: boolean;
}

/** More columns than this is a file read with the wrong delimiter, or an attack. */
const maximumColumns = 100_000;

/** Throws `file-not-readable`, or `invalid-data` naming line and column. */
export function readCsv(file: string, options: CsvOptions): Table {
  return parseCsv(file, decode(file, readBytes(file)), options);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      'The data file does not exist or cannot be read. Check its path.',
      { file },
      { cause: error },
    );
  }
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new EngineError(
      'invalid-data',
      'The data file is not UTF-8 text. Save it as UTF-8.',
      { file, line: 1, column: 1 },
      { cause: error },
    );
  }
}

/** Splits CSV text into cells and checks that every row is complete. Blank lines are passed over. */
export function parseCsv(file: string, text: string, { delimiter, header }: CsvOptions): Table {
  const parsed = Papa.parse<string[]>(text, { delimiter: delimiter ?? '' });
  const filled = parsed.data.map((_, i) => i).filter(i => parsed.data[i]?.some(cell => cell.trim() !== ''));
  const lineOfRecord = (record: number) => lineOf(parsed.data, record);

  const quotes = parsed.errors.find(error => error.type === 'Quotes');
  if (quotes)
    throw invalid(
      file,
      'A quote is not closed, or text follows a closing quote. Quote the whole cell.',
      lineOfRecord(quotes.row ?? 0),
    );
  const [first] = filled;
  const names = first === undefined ? undefined : parsed.data[first];
  if (!names || first === undefined) throw invalid(file, 'The data file is empty. It needs a header and rows.');
  if (names.length > maximumColumns)
    throw invalid(
      file,
      `The data file has ${String(names.length)} columns; at most ${String(maximumColumns)} can be read. Check the delimiter.`,
      1,
    );

  const columns = header ? names.map(name => name.trim()) : names.map((_, i) => `c${String(i + 1)}`);
  const doubled = firstDoubled(columns);
  if (doubled !== undefined)
    throw invalid(file, `Two columns are called "${doubled}". Rename one of them.`, lineOfRecord(first));
  const records = header ? filled.slice(1) : filled;
  if (records.length === 0)
    throw invalid(file, 'The data file has a header but no rows. Add rows.', lineOfRecord(first));

  const rows = records.map(record => {
    const row = parsed.data[record] ?? [];
    if (row.length !== columns.length)
      throw invalid(
        file,
        `This row has ${String(row.length)} cells, but there are ${String(columns.length)} columns. Complete the row or remove it.`,
        lineOfRecord(record),
      );
    return row;
  });
  return { file, columns, rows, headerLine: lineOfRecord(first), lineOf: row => lineOfRecord(records[row] ?? 0) };
}

const invalid = (file: string, message: string, line = 1) =>
  new EngineError('invalid-data', message, { file, line, column: 1 });

/** A quoted cell may hold line breaks, so lines are counted, not rows. */
const lineOf = (records: readonly (readonly string[])[], record: number): number =>
  records
    .slice(0, record)
    .reduce(
      (line, cells) => line + 1 + cells.reduce((breaks, cell) => breaks + (cell.match(/\n/g)?.length ?? 0), 0),
      1,
    );

function firstDoubled(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find(name => seen.size === seen.add(name).size);
}
