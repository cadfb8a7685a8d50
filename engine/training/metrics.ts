import type { Matrix } from '../backends/backend.ts';
import { classOf } from '../data/dataset.ts';
import type { TargetEncoding } from '../model/task.ts';
import type { SplitMetrics } from '../protocol/events.ts';

/** One class a row, several yes-or-no answers a row, or numbers. */
export type Task = 'classes' | 'flags' | 'regression';

/** What a network with this many outputs is asked. */
export const taskOf = (encoding: TargetEncoding, outputs: number): Task =>
  encoding === 'numbers' ? 'regression' : encoding === 'binary' && outputs > 1 ? 'flags' : 'classes';

/**
 * Adds up loss and quality over batches.
 *
 *     loss = Σ nᵢLᵢ / Σ nᵢ      accuracy = right / rows      R² = 1 − Σ(y−ŷ)² / Σ(y−ȳ)², over all outputs
 */
export class MetricsSum {
  readonly #task: Task;
  #rows = 0;
  #loss = 0;
  #right = 0;
  #count = 0;
  #mean = 0;
  #variation = 0;
  #residual = 0;

  constructor(task: Task) {
    this.#task = task;
  }

  /** Adds a batch: its mean loss, and outputs and targets of [batch, outputs]. */
  add(loss: number, output: Matrix, targets: Matrix): void {
    this.#rows += output.rows;
    this.#loss += loss * output.rows;
    if (this.#task === 'regression') this.#addNumbers(output, targets);
    else this.#addClasses(output, targets);
  }

  /** Rows added so far. */
  get rows(): number {
    return this.#rows;
  }

  get result(): SplitMetrics {
    const loss = this.#loss / this.#rows;
    if (this.#task !== 'regression') return { loss, accuracy: this.#right / (this.#count || 1) };
    // Constant targets leave nothing to explain: R² is then 0 unless they are met exactly.
    return { loss, r2: this.#variation > 0 ? 1 - this.#residual / this.#variation : this.#residual === 0 ? 1 : 0 };
  }

  /** Several flags in one row count one by one; classes count once a row. */
  #addClasses(output: Matrix, targets: Matrix): void {
    const { rows, columns } = output;
    const flags = this.#task === 'flags';
    for (let row = 0; row < rows; row++) {
      if (!flags) {
        if (classOf(output, row) === classOf(targets, row)) this.#right++;
        this.#count++;
        continue;
      }
      for (let i = row * columns; i < (row + 1) * columns; i++) {
        if ((output.values[i] ?? 0) > 0.5 === (targets.values[i] ?? 0) > 0.5) this.#right++;
        this.#count++;
      }
    }
  }

  /** Welford's running mean, so that large targets lose no digits. */
  #addNumbers(output: Matrix, targets: Matrix): void {
    for (let i = 0; i < output.rows * output.columns; i++) {
      const y = targets.values[i] ?? 0;
      this.#residual += (y - (output.values[i] ?? 0)) ** 2;
      this.#count++;
      const difference = y - this.#mean;
      this.#mean += difference / this.#count;
      this.#variation += difference * (y - this.#mean);
    }
  }
}
