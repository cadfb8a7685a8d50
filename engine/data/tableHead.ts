import { closeSync, openSync, readSync } from 'node:fs';
import { CsvReader, type CsvOptions } from './csv.ts';

/** Bytes that are looked through for the first rows. */
const headBytes = 64 * 1024;
const lineFeed = 0x0a;

/**
 * The first rows of a table as they stand in the file, without its header, of the first `columns` columns. None
 * where they cannot be told apart so early, because a quoted cell is longer than what was read.
 */
export function readFirstRows(
  file: string,
  { delimiter, header }: Pick<CsvOptions, 'delimiter' | 'header'>,
  { rows: count, columns: width }: { readonly rows: number; readonly columns: number },
): string[][] {
  const bytes = readHead(file);
  const reader = new CsvReader(file, {
    delimiter,
    header,
    choose: ({ columns }) => columns.slice(0, width).map((_, i) => i),
  });
  try {
    reader.add(bytes.subarray(0, endOfLines(bytes, count + 1)));
    const table = reader.end();
    const columns = table.columns.slice(0, width).map((_, i) => table.column(i));
    return Array.from({ length: Math.min(count, table.rows) }, (_, row) =>
      columns.map(column => (column.codeAt(row) < 0 ? '' : column.textAt(column.codeAt(row)))),
    );
  } catch {
    // Whoever reads the whole file says what is wrong with it.
    return [];
  }
}

function readHead(file: string): Uint8Array {
  const bytes = new Uint8Array(headBytes);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Where the first so many lines end; where the last whole one ends, when there are fewer. */
function endOfLines(bytes: Uint8Array, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line++) {
    const next = bytes.indexOf(lineFeed, end);
    if (next < 0) return bytes.length < headBytes ? bytes.length : end;
    end = next + 1;
  }
  return end;
}
