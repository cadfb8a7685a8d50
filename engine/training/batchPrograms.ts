import { firstRows, type Backend, type Matrix } from '../backends/backend.ts';
import type { Dataset } from '../data/dataset.ts';

/** The data where a backend reaches them, and room for one batch of them. */
export class BatchRoom {
  readonly backend: Backend;
  readonly #features: Matrix;
  readonly #targets: Matrix;
  readonly #input: Matrix;
  readonly #batchTargets: Matrix;
  readonly #rows: Int32Array;

  /** `capacity` is the most rows of a batch. */
  constructor(backend: Backend, { features, targets }: Pick<Dataset, 'features' | 'targets'>, capacity: number) {
    this.backend = backend;
    this.#features = backend.adopt(features);
    this.#targets = backend.adopt(targets);
    this.#input = backend.allocate(capacity, features.columns);
    this.#batchTargets = backend.allocate(capacity, targets.columns);
    this.#rows = backend.allocateRows(capacity);
  }

  /** Where the next batch's row numbers go. */
  rows(count: number): Int32Array {
    return this.#rows.subarray(0, count);
  }

  /** Brings the rows named there together. */
  gather(count: number): { input: Matrix; targets: Matrix } {
    const input = firstRows(this.#input, count);
    const targets = firstRows(this.#batchTargets, count);
    this.backend.gather(this.#features, this.rows(count), input);
    this.backend.gather(this.#targets, this.rows(count), targets);
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
  readonly #room: BatchRoom;
  readonly #work: (input: Matrix, targets: Matrix) => Matrix;
  readonly #programs = new Map<number, Program>();

  /** `work` turns a batch into its output, by operations of the backend alone. */
  constructor(room: BatchRoom, work: (input: Matrix, targets: Matrix) => Matrix) {
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
    const run = this.#room.backend.record(() => {
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
