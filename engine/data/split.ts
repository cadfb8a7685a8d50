import * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import { classOf, type Dataset, type Split } from './dataset.ts';
import { Random } from './random.ts';
import { readJson } from './readJson.ts';

/**
 * Parts the rows at random as the model asks; each part keeps the order of the file. A row that is
 * `dropped` keeps its number and belongs to no part.
 */
export function splitRows(given: ModelInFile, dataset: Dataset, dropped: Uint8Array | undefined): Split {
  const { model } = given;
  const { split } = model.data;
  if ('file' in split) return readSplit(given, split.file, dataset.features.rows, dropped);
  const rows = keptRows(dataset.features.rows, dropped);
  const random = new Random(model.seed, 'split');
  const parts: Record<keyof Split, Int32Array[]> = { train: [], validation: [], test: [] };
  for (const group of split.stratify && dataset.classes.length > 0 ? classGroups(dataset, rows) : [rows]) {
    random.shuffle(group);
    const validation = Math.round(group.length * split.validation);
    const test = Math.min(Math.round(group.length * split.test), group.length - validation);
    parts.validation.push(group.subarray(0, validation));
    parts.test.push(group.subarray(validation, validation + test));
    parts.train.push(group.subarray(validation + test));
  }
  const train = sorted(parts.train);
  if (train.length === 0)
    throw new EngineError(
      'invalid-data',
      `The ${String(rows.length)} rows leave none to train on. Lower "data.split", or add rows.`,
      placeIn(given, ['data', 'split']),
    );
  return { train, validation: sorted(parts.validation), test: sorted(parts.test) };
}

const keptRows = (rows: number, dropped: Uint8Array | undefined): Int32Array => {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return dropped ? all.filter(row => !dropped[row]) : all;
};

function sorted(groups: readonly Int32Array[]): Int32Array {
  const rows = new Int32Array(groups.reduce((sum, group) => sum + group.length, 0));
  let at = 0;
  for (const group of groups) {
    rows.set(group, at);
    at += group.length;
  }
  return rows.sort();
}

/** The rows of each class, in the order of the classes. */
function classGroups({ targets }: Dataset, rows: Int32Array): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const group = classOf(targets, row);
    const list = groups.get(group);
    if (list) list.push(row);
    else groups.set(group, [row]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list));
}

const rowList = z.array(z.int().min(0)).default([]);
const splitFileSchema = z.object({ train: z.array(z.int().min(0)).min(1), validation: rowList, test: rowList });

function readSplit(given: ModelInFile, file: string, rows: number, dropped: Uint8Array | undefined): Split {
  const { value, place } = readJson(
    given,
    { file, path: ['data', 'split', 'file'] },
    splitFileSchema,
    'three lists of 0-based rows: train, validation and test',
  );
  const seen = new Uint8Array(rows);
  for (const part of ['train', 'validation', 'test'] as const)
    value[part].forEach((row, i) => {
      const fault =
        row >= rows
          ? `does not exist: the data have rows 0 to ${String(rows - 1)}. Correct the split file.`
          : dropped?.[row]
            ? 'has a missing value and is dropped. Take it out of the split file, or fill it in.'
            : seen[row]
              ? 'is named twice. Each row belongs to one part of the split.'
              : undefined;
      if (fault) throw new EngineError('invalid-data', `Row ${String(row)} ${fault}`, place([part, i]));
      seen[row] = 1;
    });
  const { train, validation, test } = value;
  return { train: Int32Array.from(train), validation: Int32Array.from(validation), test: Int32Array.from(test) };
}
