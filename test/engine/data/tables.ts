import { CsvReader, type Table } from '../../../engine/data/csv.ts';
import { chooseColumns, encodeTable } from '../../../engine/data/encodeTable.ts';
import type { MissingPolicy } from '../../../engine/model/dataFields.ts';
import type { TargetEncoding } from '../../../engine/model/task.ts';

interface ReadingOptions {
  readonly header?: boolean;
  readonly delimiter?: string;
  /** Bytes handed over at once. */
  readonly piece?: number;
}

/** Reads all columns of a table `t.csv`. */
export function readTable(text: string | Uint8Array, { header = true, delimiter, piece }: ReadingOptions = {}): Table {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reader = new CsvReader('t.csv', { header, delimiter, choose: ({ columns }) => columns.map((_, i) => i) });
  const size = piece ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += size) reader.add(bytes.subarray(at, at + size));
  return reader.end();
}

/** The cells as texts; '' for an empty one. Only for columns with at most 1000 different texts. */
export function cells(table: Table): string[][] {
  return Array.from({ length: table.rows }, (_, row) =>
    table.columns.map((_name, index) => {
      const column = table.column(index);
      return column.textAt(column.codeAt(row));
    }),
  );
}

export interface EncodingOptions {
  readonly targets?: readonly string[];
  readonly features?: readonly string[];
  readonly encoding?: TargetEncoding;
  readonly missing?: MissingPolicy;
}

/** Reads and encodes a table. */
export function encodeText(
  text: string,
  { targets = ['y'], features, encoding = 'oneHot', missing = 'error' }: EncodingOptions = {},
) {
  const table = readTable(text);
  return encodeTable(table, chooseColumns(table, targets, features), encoding, missing);
}
