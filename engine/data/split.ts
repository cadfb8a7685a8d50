import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import type { Model } from '../model/schema.ts';
import { classOf, type Dataset, type Split } from './dataset.ts';
import { Random } from './random.ts';

/** Parts the rows at random as the model asks; each part keeps the order of the file. */
export function splitRows(model: Model, dataset: Dataset, resolvePath: (path: string) => string): Split {
  const { split } = model.data;
  const rows = dataset.features.rows;
  if ('file' in split) return readSplit(resolvePath(split.file), rows);
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

function readSplit(file: string, rows: number): Split {
  const { train, validation, test } = readJson(
    file,
    splitFileSchema,
    'three lists of 0-based rows: train, validation and test',
  );
  const seen = new Uint8Array(rows);
  for (const row of [...train, ...validation, ...test]) {
    if (row >= rows)
      throw new EngineError(
        'invalid-data',
        `Row ${String(row)} does not exist: the data have rows 0 to ${String(rows - 1)}. Correct the split file.`,
        { file },
      );
    if (seen[row])
      throw new EngineError(
        'invalid-data',
        `Row ${String(row)} is named twice. Each row belongs to one part of the split.`,
        { file },
      );
    seen[row] = 1;
  }
  return { train: Int32Array.from(train), validation: Int32Array.from(validation), test: Int32Array.from(test) };
}

/** Reads a JSON file beside the model. Throws `file-not-readable` or `invalid-data`. */
export function readJson<T>(file: string, schema: z.ZodType<T>, expected: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      'The file does not exist or cannot be read. Its path is relative to the model file.',
      { file },
      { cause: error },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new EngineError(
      'invalid-data',
      `The file is not JSON. It must hold ${expected}.`,
      { file },
      { cause: error },
    );
  }
  const read = schema.safeParse(value);
  if (!read.success) throw new EngineError('invalid-data', `The file must hold ${expected}.`, { file });
  return read.data;
}
