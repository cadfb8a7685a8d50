import { openBytes } from '../data/byteReader.ts';
import { readIdx } from '../data/idx.ts';
import { readNpy } from '../data/npy.ts';
import type { TableColumn, TableDescription } from '../protocol/trainer.ts';
import { countedValues, shownExamples } from './describeTable.ts';

const readers = { idx: readIdx, npy: readNpy };

/**
 * Reads an array of targets, [rows] or [rows, outputs], and says what its columns hold.
 * Rejects with `file-not-readable`, `invalid-data` or `memory-limit`.
 */
export async function describeArray(file: string, kind: keyof typeof readers): Promise<TableDescription> {
  const { shape, values } = await readers[kind](await openBytes(file));
  const [rows = 0] = shape;
  const columns = values.length / rows;
  return {
    rows,
    columns: Array.from({ length: columns }, (_, column) =>
      describeColumn(
        `y${String(column + 1)}`,
        Array.from({ length: rows }, (_row, row) => values[row * columns + column] ?? NaN),
      ),
    ),
  };
}

/** A missing value is none of its values. */
function describeColumn(name: string, values: readonly number[]): TableColumn {
  const distinct = new Set<number>();
  let whole = true;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    whole &&= Number.isInteger(value);
    if (distinct.size < countedValues) distinct.add(value);
  }
  const examples = [...distinct].slice(0, shownExamples).map(String);
  return { name, kind: 'number', distinct: distinct.size, whole, examples };
}
