import * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import { classOf, type Dataset, type Split } from './dataset.ts';
import { Random } from './random.ts';
import { readJson } from './readJson.ts';

/** Parts the rows at random as the model asks; each part keeps the order of the file. */
export function splitRows(given: ModelInFile, dataset: Dataset): Split {
  const { model } = given;
  const { split } = model.data;
  const rows = dataset.features.rows;
  if ('file' in split) return readSplit(given, split.file, rows);
  const random = new Random(model.seed, 'split');
  const parts: Record<'train' | 'validation' | 'test', number[]> = { train: [], validation: [], test: [] };
  for (const group of split.stratify && dataset.classes.length > 0
    ? classGroups(dataset)
    : [Int32Array.from({ length: rows }, (_, i) => i)]) {
    random.shuffle(group);
    const validation = Math.round(group.length * split.validation);
    const test = Math.min(Math.round(group.length * split.test), group.length - validation);
    parts.validation.push(...group.subarray(0, validation));
    parts.test.push(...group.subarray(validation, validation + test));
    parts.train.push(...group.subarray(validation + test));
  }
  if (parts.train.length === 0)
    throw new EngineError(
      'invalid-data',
      `The ${String(rows)} rows leave none to train on. Lower "data.split", or add rows.`,
      placeIn(given, ['data', 'split']),
    );
  const sorted = (list: number[]) => Int32Array.from(list).sort();
  return { train: sorted(parts.train), validation: sorted(parts.validation), test: sorted(parts.test) };
}

function classGroups({ targets }: Dataset): Int32Array[] {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < targets.rows; row++) {
    const group = classOf(targets, row);
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, list]) => Int32Array.from(list));
}

const rowList = z.array(z.int().min(0)).default([]);
const splitFileSchema = z.object({ train: z.array(z.int().min(0)).min(1), validation: rowList, test: rowList });

function readSplit(given: ModelInFile, file: string, rows: number): Split {
  const { value, place } = readJson(
    given,
    { file, path: ['data', 'split', 'file'] },
    splitFileSchema,
    'three lists of 0-based rows: train, validation and test',
  );
  const seen = new Uint8Array(rows);
  for (const part of ['train', 'validation', 'test'] as const)
    value[part].forEach((row, i) => {
      if (row >= rows)
        throw new EngineError(
          'invalid-data',
          `Row ${String(row)} does not exist: the data have rows 0 to ${String(rows - 1)}. Correct the split file.`,
          place([part, i]),
        );
      if (seen[row])
        throw new EngineError(
          'invalid-data',
          `Row ${String(row)} is named twice. Each row belongs to one part of the split.`,
          place([part, i]),
        );
      seen[row] = 1;
    });
  const { train, validation, test } = value;
  return { train: Int32Array.from(train), validation: Int32Array.from(validation), test: Int32Array.from(test) };
}
