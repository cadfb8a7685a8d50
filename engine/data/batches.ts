import * as z from 'zod';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { Random, type RandomState } from './random.ts';
import { readJson } from './readJson.ts';

/** Which rows each step learns from. */
export interface BatchPlan {
  readonly stepsPerEpoch: number;
  /** Rows of the largest batch. */
  readonly largest: number;
  /** The rows of the step-th batch (from 1), as indices into the data. Called once a step, in order; valid until the next call. */
  next(step: number): Int32Array;
  /** What decides the batches after those drawn; absent where nothing is random. */
  readonly state: RandomState | undefined;
  /** Goes on after `step` as the plan did whose state this is. */
  restore(state: RandomState | undefined, step: number): void;
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
  const sizes = { size, stepsPerEpoch };
  switch (training.sampling) {
    case 'sequential':
      return fixedPlan(stepsPerEpoch, size, step => part(rows, sizes, step));
    case 'shuffle':
      return shuffled(rows, sizes, new Random(seed, 'sampling'));
    case 'replacement':
      return drawn(rows, sizes, new Random(seed, 'sampling'));
  }
}

interface Sizes {
  readonly size: number;
  readonly stepsPerEpoch: number;
}

function part(order: Int32Array, { size, stepsPerEpoch }: Sizes, step: number): Int32Array {
  const start = ((step - 1) % stepsPerEpoch) * size;
  return order.subarray(start, Math.min(start + size, order.length));
}

/** A plan in which nothing is random. */
const fixedPlan = (stepsPerEpoch: number, largest: number, next: BatchPlan['next']): BatchPlan => ({
  stepsPerEpoch,
  largest,
  next,
  state: undefined,
  restore: () => undefined,
});

/** Each epoch shuffles the rows from the order of the split, so that the state at its beginning says everything. */
function shuffled(rows: Int32Array, sizes: Sizes, random: Random): BatchPlan {
  const { size, stepsPerEpoch } = sizes;
  const order = Int32Array.from(rows);
  let epochState = random.state;
  const shuffle = () => {
    epochState = random.state;
    order.set(rows);
    random.shuffle(order);
  };
  return {
    stepsPerEpoch,
    largest: size,
    next: step => {
      if ((step - 1) % stepsPerEpoch === 0) shuffle();
      return part(order, sizes, step);
    },
    get state() {
      return epochState;
    },
    restore: (state, step) => {
      if (state) random.state = state;
      if (step > 0) shuffle();
    },
  };
}

function drawn(rows: Int32Array, { size, stepsPerEpoch }: Sizes, random: Random): BatchPlan {
  const batch = new Int32Array(size);
  return {
    stepsPerEpoch,
    largest: size,
    next: () => {
      for (let i = 0; i < size; i++) batch[i] = rows[random.below(rows.length)] ?? 0;
      return batch;
    },
    get state() {
      return random.state;
    },
    restore: state => {
      if (state) random.state = state;
    },
  };
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
  return fixedPlan(
    batches.length,
    batches.reduce((most, batch) => Math.max(most, batch.length), 0),
    step => batches[(step - 1) % batches.length] ?? new Int32Array(),
  );
}
