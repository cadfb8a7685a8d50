import { isUtf8 } from 'node:buffer';
import { EngineError } from '../model/errors.ts';
import { maximumTrainingBytes } from '../model/shapes.ts';
import { Column, textOf } from './column.ts';
import {
  CsvRecords,
  maximumColumns,
  misquoted,
  sniffDelimiter,
  tooManyCells,
  unescaped,
  unfinished,
} from './csvRecords.ts';
import { fileChunks, type ReadOptions } from './fileChunks.ts';
import { RowLines } from './rowLines.ts';

/** The names of a table's columns, and where they stand. */
export interface TableHeader {
  readonly file: string;
  readonly columns: readonly string[];
  /** Line of the header, counting from 1. */
  readonly headerLine: number;
}

/** A table read column by column. */
export interface Table extends TableHeader {
  readonly rows: number;
  /** Line on which a row begins. */
  lineOf(row: number): number;
  /** The cells of a column that was chosen. */
  column(index: number): Column;
}

export interface CsvOptions {
  readonly delimiter?: string | undefined;
  readonly header: boolean;
  /** Which columns to keep, once their names are known; the others are only counted. */
  readonly choose: (header: TableHeader) => readonly number[];
}

/** Bytes from which the delimiter is guessed. */
const sniffedBytes = 1 << 16;
/** A row longer than this has a quote that is not closed, or is an attack. */
const maximumRecordBytes = 16 << 20;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Reads a CSV file piece by piece: memory holds the numbers, not the text.
 * Rejects with `file-not-readable`, `memory-limit`, or `invalid-data` naming line and column.
 */
export async function readCsv(file: string, options: CsvOptions, reading: ReadOptions = {}): Promise<Table> {
  const { chunks } = await fileChunks(file, reading);
  const reader = new CsvReader(file, options);
  for await (const chunk of chunks) reader.add(chunk);
  return reader.end();
}

/** Takes the bytes of a CSV file in pieces of any size and checks that every row is complete. Blank lines are passed over. */
export class CsvReader {
  readonly #file: string;
  readonly #options: CsvOptions;
  #records: CsvRecords | undefined;
  /** Bytes not yet read lie in [start, end). */
  #bytes = new Uint8Array(sniffedBytes);
  #start = 0;
  #end = 0;
  /** Whether the bytes at hand hold one that is not UTF-8, so that each record must be looked at. */
  #suspect = false;
  #line = 1;
  #header: TableHeader | undefined;
  /** Index and content of the chosen columns. */
  #chosen: readonly (readonly [index: number, column: Column])[] = [];
  #rows = 0;
  readonly #lines = new RowLines();

  constructor(file: string, options: CsvOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** Throws `invalid-data` or `memory-limit`. */
  add(chunk: Uint8Array): void {
    this.#append(chunk);
    if (this.#records ?? this.#end >= sniffedBytes) this.#read(false);
  }

  /** The table; nothing may be added afterwards. Throws `invalid-data` or `memory-limit`. */
  end(): Table {
    this.#read(true);
    const header = this.#header;
    if (!header) throw this.#invalid('The data file is empty. It needs a header and rows.', 1);
    if (this.#rows === 0) throw this.#invalid('The data file has a header but no rows. Add rows.', header.headerLine);
    const columns = new Map(this.#chosen);
    return {
      ...header,
      rows: this.#rows,
      lineOf: row => this.#lines.lineOf(row),
      column: index => {
        const column = columns.get(index);
        if (!column) throw new RangeError(`Column ${String(index)} was not chosen.`);
        return column;
      },
    };
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const kept = this.#end - this.#start;
      const target = kept + chunk.length > this.#bytes.length ? new Uint8Array((kept + chunk.length) * 2) : this.#bytes;
      target.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = target;
      this.#start = 0;
      this.#end = kept;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #read(atEnd: boolean): void {
    this.#records ??= this.#begin(atEnd);
    const records = this.#records;
    this.#suspect = !isUtf8(this.#bytes.subarray(this.#start, this.#end));
    while (this.#start < this.#end) {
      const next = records.scan(this.#bytes, this.#start, this.#end, atEnd);
      if (next === unfinished) break;
      if (next === misquoted)
        throw this.#invalid('A quote is not closed, or text follows a closing quote. Quote the whole cell.');
      if (next === tooManyCells)
        throw this.#invalid(
          `This row has more than ${String(maximumColumns)} cells, which is more than can be read. Check the delimiter.`,
        );
      if (this.#suspect && !isUtf8(this.#bytes.subarray(this.#start, next)))
        throw this.#invalid('The data file is not UTF-8 text. Save it as UTF-8.');
      this.#record(records);
      this.#line += 1 + records.breaks;
      this.#start = next;
    }
    if (this.#end - this.#start > maximumRecordBytes)
      throw this.#invalid('This row does not end within 16 MB. Close its quote, or check the delimiter.');
    // Once as columns, and once more as the matrix that they become.
    if (this.#rows * this.#chosen.length * 16 > maximumTrainingBytes)
      throw new EngineError(
        'memory-limit',
        `The table takes more than the ${String(maximumTrainingBytes / 1024 ** 3)} GB that a training may use. Name fewer columns with "features".`,
        { file: this.#file },
      );
  }

  #begin(atEnd: boolean): CsvRecords {
    if (byteOrderMark.every((byte, i) => this.#bytes[this.#start + i] === byte && this.#start + i < this.#end))
      this.#start += byteOrderMark.length;
    const { delimiter } = this.#options;
    return new CsvRecords(
      delimiter?.charCodeAt(0) ?? sniffDelimiter(this.#bytes.subarray(this.#start, this.#end), atEnd),
    );
  }

  #record(records: CsvRecords): void {
    if (isBlank(records, this.#bytes)) return;
    if (!this.#header) {
      this.#header = this.#readHeader(records);
      this.#chosen = this.#options.choose(this.#header).map(index => [index, new Column()] as const);
      if (this.#options.header) return;
    }
    const { columns } = this.#header;
    if (records.cells !== columns.length)
      throw this.#invalid(
        `This row has ${String(records.cells)} cells, but there are ${String(columns.length)} columns. Complete the row or remove it.`,
      );
    this.#lines.add(this.#rows++, this.#line);
    for (const [index, column] of this.#chosen) addCell(column, records, index, this.#bytes);
  }

  #readHeader(records: CsvRecords): TableHeader {
    const columns = Array.from({ length: records.cells }, (_, index) =>
      this.#options.header ? cellText(records, index, this.#bytes) : `c${String(index + 1)}`,
    );
    const doubled = firstDoubled(columns);
    if (doubled !== undefined) throw this.#invalid(`Two columns are called "${doubled}". Rename one of them.`);
    return { file: this.#file, columns, headerLine: this.#line };
  }

  #invalid(message: string, line = this.#line): EngineError {
    return new EngineError('invalid-data', message, { file: this.#file, line, column: 1 });
  }
}

/** A visible ASCII character, by far the most frequent first and last of a cell. */
const isInk = (byte: number): boolean => byte > 0x20 && byte < 0x80;

/** White space as ASCII has it; other kinds begin and end with bytes from 0x80 on. */
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || (byte! >= 0x09 && byte! <= 0x0d);

function isBlank(records: CsvRecords, bytes: Uint8Array): boolean {
  for (let cell = 0; cell < records.cells; cell++) {
    const end = records.ends[cell]!;
    let at = records.starts[cell]!;
    while (at < end && isSpace(bytes[at])) at++;
    if (at < end && (bytes[at]! < 0x80 || textOf(bytes, at, end).trim() !== '')) return false;
  }
  return true;
}

const cellText = (records: CsvRecords, cell: number, bytes: Uint8Array): string => {
  const [start, end] = [records.starts[cell]!, records.ends[cell]!];
  const text = records.escaped[cell] ? unescaped(bytes, start, end) : bytes.subarray(start, end);
  return textOf(text, 0, text.length).trim();
};

/** Gives a cell to its column, without the white space around it. */
function addCell(column: Column, records: CsvRecords, cell: number, bytes: Uint8Array): void {
  let start = records.starts[cell]!;
  let end = records.ends[cell]!;
  if (!records.escaped[cell] && isInk(bytes[start]!) && isInk(bytes[end - 1]!)) {
    column.add(bytes, start, end);
    return;
  }
  if (records.escaped[cell]) {
    bytes = unescaped(bytes, start, end);
    [start, end] = [0, bytes.length];
  }
  while (start < end && isSpace(bytes[start])) start++;
  while (start < end && isSpace(bytes[end - 1])) end--;
  if (isWideSpace(bytes, start) || isWideSpace(bytes, end - 2) || isWideSpace(bytes, end - 3)) {
    const text = encoder.encode(textOf(bytes, start, end).trim());
    column.add(text, 0, text.length);
  } else column.add(bytes, start, end);
}

/** Whether white space beyond ASCII may begin here: U+00A0, U+1680, U+2000 and after, U+3000, U+FEFF. */
function isWideSpace(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]!;
  if (!(byte >= 0xc2)) return false;
  const next = bytes[at + 1];
  return (
    (byte === 0xc2 && next === 0xa0) ||
    (byte === 0xe1 && next === 0x9a) ||
    (byte === 0xe2 && (next === 0x80 || next === 0x81)) ||
    (byte === 0xe3 && next === 0x80) ||
    (byte === 0xef && next === 0xbb)
  );
}

const encoder = new TextEncoder();

function firstDoubled(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find(name => seen.size === seen.add(name).size);
}
