import { isMissingWord, type Column } from '../data/column.ts';
import { readCsv } from '../data/csv.ts';
import type { TableColumn, TableDescription } from '../protocol/trainer.ts';

/** Different values are counted up to here; more are no classes. */
export const countedValues = 101;
export const shownExamples = 3;

/** Reads a table and says what its columns hold. Rejects with `file-not-readable` or `invalid-data`. */
export async function describeTable(file: string): Promise<TableDescription> {
  const table = await readCsv(file, { header: true, choose: ({ columns }) => columns.map((_, i) => i) });
  return {
    rows: table.rows,
    columns: table.columns.map((name, index) => describeColumn(table.column(index), name)),
  };
}

function describeColumn(column: Column, name: string): TableColumn {
  const { isNumeric, texts } = column;
  const values = texts?.filter(text => !isNumeric || !isMissingWord(text));
  return {
    name,
    kind: isNumeric ? 'number' : 'category',
    distinct: Math.min(countedValues, values?.length ?? countedValues),
    whole: isNumeric && (values?.every(text => Number.isInteger(Number(text))) ?? false),
    examples: (values ?? Array.from({ length: shownExamples }, (_, row) => String(column.numberAt(row)))).slice(
      0,
      shownExamples,
    ),
  };
}
