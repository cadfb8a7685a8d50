import { firstRows, type Backend, type Matrix, type Operations } from '../backends/backend.ts';
import type { Dataset } from '../data/dataset.ts';

/** The data where a backend reaches them, and room for one batch of them. */
export class BatchRoom {
  readonly #operations: Operations;
  readonly #features: Matrix;
  readonly #targets: Matrix;
  readonly #input: Matrix;
  readonly #batchTargets: Matrix;
  readonly #rows: Int32Array;

  /** `capacity` is the most rows of a batch. */
  constructor(operations: Operations, { features, targets }: Pick<Dataset, 'features' | 'targets'>, capacity: number) {
    this.#operations = operations;
    this.#features = operations.adopt(features);
    this.#targets = operations.adopt(targets);
    this.#input = operations.allocate(capacity, features.columns);
    this.#batchTargets = operations.allocate(capacity, targets.columns);
    this.#rows = operations.allocateRows(capacity);
  }

  /** Where the next batch's row numbers go. */
  rows(count: number): Int32Array {
    return this.#rows.subarray(0, count);
  }

  /** Brings the rows named there together. */
  gather(count: number): { input: Matrix; targets: Matrix } {
    const input = firstRows(this.#input, count);
    const targets = firstRows(this.#batchTargets, count);
    this.#operations.gather(this.#features, this.rows(count), input);
    this.#operations.gather(this.#targets, this.rows(count), targets);
    return { input, targets };
  }
}

/** What a batch has left; valid until the next one. */
export interface BatchResult {
  readonly output: Matrix;
  readonly targets: Matrix;
}

interface Program {
  readonly rows: Int32Array;
  readonly run: () => BatchResult;
}

/** Does the same with batch after batch. The operations are recorded once for each number of rows. */
export class BatchPrograms {
  readonly #backend: Backend;
  readonly #room: BatchRoom;
  readonly #work: (input: Matrix, targets: Matrix) => Matrix;
  readonly #programs = new Map<number, Program>();

  /** `work` turns a batch into its output, by operations of the backend alone. */
  constructor(backend: Backend, room: BatchRoom, work: (input: Matrix, targets: Matrix) => Matrix) {
    this.#backend = backend;
    this.#room = room;
    this.#work = work;
  }

  run(rows: Int32Array): BatchResult {
    const program = this.#programs.get(rows.length) ?? this.#record(rows.length);
    program.rows.set(rows);
    return program.run();
  }

  #record(count: number): Program {
    // Known once the operations have been called: when they are recorded, or when they first run.
    let result: BatchResult | undefined;
    const run = this.#backend.record(() => {
      const { input, targets } = this.#room.gather(count);
      result = { output: this.#work(input, targets), targets };
    });
    const program: Program = {
      rows: this.#room.rows(count),
      run: () => {
        run();
        if (!result) throw new RangeError('A program has called no operations.');
        return result;
      },
    };
    this.#programs.set(count, program);
    return program;
  }
}
