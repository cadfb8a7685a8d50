import type { Matrix } from '../backends/backend.ts';
import type { SplitMetrics } from '../protocol/events.ts';

export interface RegressionState {
  readonly count: number;
  readonly mean: number;
  readonly variation: number;
  readonly residual: number;
  readonly absolute: number;
}

/**
 * Measures predicted numbers.
 *
 *     R² = 1 − Σ(y−ŷ)² / Σ(y−ȳ)², over all outputs      mean absolute error = Σ|y−ŷ| / count
 */
export class RegressionSum {
  /** `mean` and `variation` run along as Welford 1962 has them, so that large targets lose no digits. */
  #sum = { count: 0, mean: 0, variation: 0, residual: 0, absolute: 0 };

  add(output: Matrix, targets: Matrix): void {
    const sum = this.#sum;
    for (let i = 0; i < output.rows * output.columns; i++) {
      const y = targets.values[i] ?? 0;
      const error = y - (output.values[i] ?? 0);
      sum.residual += error * error;
      sum.absolute += Math.abs(error);
      sum.count++;
      const difference = y - sum.mean;
      sum.mean += difference / sum.count;
      sum.variation += difference * (y - sum.mean);
    }
  }

  get result(): Partial<SplitMetrics> {
    const { count, variation, residual, absolute } = this.#sum;
    // Constant targets leave nothing to explain: R² is then 0 unless they are met exactly.
    const r2 = variation > 0 ? 1 - residual / variation : residual === 0 ? 1 : 0;
    return { r2, meanAbsoluteError: absolute / (count || 1) };
  }

  get state(): RegressionState {
    return { ...this.#sum };
  }

  set state(state: RegressionState) {
    this.#sum = { ...state };
  }
}
