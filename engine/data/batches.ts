import * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { Random } from './random.ts';
import { readJson } from './readJson.ts';

/** Which rows each step learns from. */
export interface BatchPlan {
  readonly stepsPerEpoch: number;
  /** Rows of the largest batch. */
  readonly largest: number;
  /** The rows of the step-th batch (from 1), as indices into the data. Called once a step, in order. */
  next(step: number): Int32Array;
}

/**
 * Plans the batches of a training. `shuffle` gives each epoch a new order, `sequential` keeps the
 * order of the split, `replacement` draws each row independently, as the article's stochastic
 * gradient descent does; a file names the rows of every step.
 */
export function planBatches(given: ModelInFile, rows: Int32Array): BatchPlan {
  const { training, seed } = given.model;
  if (typeof training.sampling === 'object') return fileBatches(given, training.sampling.file, rows);
  const size = training.batchSize === 'full' ? rows.length : Math.min(training.batchSize, rows.length);
  const stepsPerEpoch = training.dropLast ? Math.floor(rows.length / size) : Math.ceil(rows.length / size);
  const random = new Random(seed, 'sampling');
  const order = Int32Array.from(rows);
  const part = (step: number) => {
    const start = ((step - 1) % stepsPerEpoch) * size;
    return order.subarray(start, Math.min(start + size, order.length));
  };
  switch (training.sampling) {
    case 'sequential':
      return { stepsPerEpoch, largest: size, next: part };
    case 'shuffle':
      return {
        stepsPerEpoch,
        largest: size,
        next: step => {
          if ((step - 1) % stepsPerEpoch === 0) random.shuffle(order);
          return part(step);
        },
      };
    case 'replacement': {
      const drawn = new Int32Array(size);
      return {
        stepsPerEpoch,
        largest: size,
        next: () => drawn.map(() => rows[random.below(rows.length)] ?? 0),
      };
    }
  }
}

const batchesSchema = z.array(z.array(z.int().min(0)).min(1)).min(1);

function fileBatches(given: ModelInFile, file: string, rows: Int32Array): BatchPlan {
  const { value: lists, place } = readJson(
    given,
    { file, path: ['training', 'sampling', 'file'] },
    batchesSchema,
    'a list of batches, each a list of 0-based rows of the training split',
  );
  const batches = lists.map((list, i) =>
    Int32Array.from(list, (row, j) => {
      const index = rows[row];
      if (index === undefined)
        throw new EngineError(
          'invalid-data',
          `Batch ${String(i)} names row ${String(row)}, but the training split has rows 0 to ${String(rows.length - 1)}. Correct the batch.`,
          place([i, j]),
        );
      return index;
    }),
  );
  return {
    stepsPerEpoch: batches.length,
    largest: batches.reduce((most, batch) => Math.max(most, batch.length), 0),
    next: step => batches[(step - 1) % batches.length] ?? new Int32Array(),
  };
}
