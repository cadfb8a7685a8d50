import type { Matrix } from '../backends/backend.ts';
import { classOf } from '../data/dataset.ts';
import type { TargetEncoding } from '../model/task.ts';
import type { SplitMetrics } from '../protocol/events.ts';
import { ClassificationSum, type ClassificationState } from './classificationSum.ts';
import { RegressionSum, type RegressionState } from './regressionSum.ts';

/** One class a row, several yes-or-no answers a row, or numbers. */
export type Task = 'classes' | 'flags' | 'regression';

/** What a network with this many outputs is asked. */
export const taskOf = (encoding: TargetEncoding, outputs: number): Task =>
  encoding === 'numbers' ? 'regression' : encoding === 'binary' && outputs > 1 ? 'flags' : 'classes';

/** Everything a `MetricsSum` has gathered. */
export interface MetricsState {
  readonly rows: number;
  readonly loss: number;
  readonly classification?: ClassificationState | undefined;
  readonly regression?: RegressionState | undefined;
}

/**
 * Adds up loss and quality over batches.
 *
 *     loss = Σ nᵢLᵢ / Σ nᵢ
 */
export class MetricsSum {
  readonly #task: Task;
  readonly #classification: ClassificationSum | undefined;
  readonly #regression: RegressionSum | undefined;
  #rows = 0;
  #loss = 0;

  /** `outputs` of the network; a single one tells two classes apart. */
  constructor(task: Task, outputs: number) {
    this.#task = task;
    this.#regression = task === 'regression' ? new RegressionSum() : undefined;
    this.#classification = task === 'regression' ? undefined : new ClassificationSum(task, Math.max(outputs, 2));
  }

  /** Adds a batch: its mean loss, and outputs and targets of [batch, outputs]. */
  add(loss: number, output: Matrix, targets: Matrix): void {
    this.#rows += output.rows;
    this.#loss += loss * output.rows;
    if (this.#task === 'flags') this.#addFlags(output, targets);
    else if (this.#classification) {
      for (let row = 0; row < output.rows; row++) this.#classification.add(classOf(targets, row), classOf(output, row));
    } else this.#regression?.add(output, targets);
  }

  /** Rows added so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Mean loss so far. */
  get loss(): number {
    return this.#loss / this.#rows;
  }

  get result(): SplitMetrics {
    return { loss: this.loss, ...this.#classification?.result, ...this.#regression?.result };
  }

  /** All that has been added, to go on from later. */
  get state(): MetricsState {
    return {
      rows: this.#rows,
      loss: this.#loss,
      ...(this.#classification && { classification: this.#classification.state }),
      ...(this.#regression && { regression: this.#regression.state }),
    };
  }

  set state({ rows, loss, classification, regression }: MetricsState) {
    this.#rows = rows;
    this.#loss = loss;
    if (this.#classification && classification) this.#classification.state = classification;
    if (this.#regression && regression) this.#regression.state = regression;
  }

  /** Several flags in one row count one by one. */
  #addFlags({ rows, columns, values }: Matrix, targets: Matrix): void {
    for (let i = 0; i < rows * columns; i++)
      this.#classification?.addFlag(i % columns, (targets.values[i] ?? 0) > 0.5, (values[i] ?? 0) > 0.5);
  }
}
