import type { Matrix, Saturating, Scalar, Summaries } from '../backend.ts';
import { histogramBins, summarySize } from '../summaries.ts';
import { copy } from './kernels/elementary.ts';
import { mean, rowSum } from './kernels/reductions.ts';
import * as kernels from './kernels/summaries.ts';
import type { Recorder } from './recorder.ts';

/** Summaries by a number or a few for each row, which are then brought together. */
export class GpuSummaries implements Summaries {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  copy(values: Matrix, into: Matrix): void {
    this.#recorder.emit(copy, [this.#recorder.at(values)], this.#recorder.at(into));
  }

  difference(after: Matrix, before: Matrix, change: Matrix): void {
    const inputs = [this.#recorder.at(after), this.#recorder.at(before)];
    this.#recorder.emit(kernels.difference, inputs, this.#recorder.at(change));
  }

  summarize(values: Matrix, summary: Matrix): void {
    const { rows, columns } = values;
    const parts = this.#room(summarySize, rows);
    this.#recorder.emit(kernels.rowSummaries, [this.#recorder.at(values)], parts, { columns });
    this.#recorder.emit(kernels.summary, [parts], this.#recorder.at(summary), { rows });
  }

  count(values: Matrix, summary: Matrix, counts: Matrix): void {
    const { rows, columns } = values;
    const parts = this.#room(histogramBins, rows);
    const inputs = [this.#recorder.at(values), this.#recorder.at(summary)];
    this.#recorder.emit(kernels.rowCounts, inputs, parts, { columns });
    this.#recorder.emit(rowSum, [parts], this.#recorder.at(counts), { columns: rows });
  }

  saturatedShare(activation: Saturating, output: Matrix, share: Scalar): void {
    const { rows, columns } = output;
    const parts = this.#recorder.rowVector(output);
    this.#recorder.emit(kernels.rowSaturated(activation), [this.#recorder.at(output)], parts, { columns });
    this.#recorder.emit(mean, [parts], this.#recorder.scalar(share), { count: rows, divisor: rows * columns });
  }

  deadShare(output: Matrix, share: Scalar): void {
    const { rows, columns } = output;
    const parts = this.#room(1, columns);
    this.#recorder.emit(kernels.deadColumns, [this.#recorder.at(output)], parts, { rows });
    this.#recorder.emit(mean, [parts], this.#recorder.scalar(share), { count: columns, divisor: columns });
  }

  #room(rows: number, columns: number) {
    return this.#recorder.at(this.#recorder.matrix(rows, columns));
  }
}
