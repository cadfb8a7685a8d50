import type { Numbers } from '../backends/backend.ts';
import type { EarlyStoppingSettings } from '../model/schema.ts';
import type { Parameter } from '../network/parameter.ts';

/**
 * Watches the loss of each epoch, remembers the weights of the best one, and says when there has been none better for `patience` epochs.
 * Source: Prechelt 1998, “Early Stopping – But When?”.
 */
export class EarlyStopping {
  readonly #settings: EarlyStoppingSettings;
  readonly #parameters: readonly Parameter[];
  #best = Infinity;
  #bestWeights: readonly Numbers[] = [];
  #waited = 0;
  /** The epoch whose weights are remembered. */
  bestEpoch = 0;

  constructor(settings: EarlyStoppingSettings, parameters: readonly Parameter[]) {
    this.#settings = settings;
    this.#parameters = parameters;
  }

  /** Whether the run should end after this epoch. */
  observe(epoch: number, loss: number): boolean {
    if (loss < this.#best - this.#settings.minimumImprovement) {
      this.#best = loss;
      this.bestEpoch = epoch;
      this.#bestWeights = this.#parameters.map(({ value }) => value.values.slice());
      this.#waited = 0;
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#settings.patience;
  }

  /** Puts the best weights back. */
  restore(): void {
    this.#parameters.forEach(({ value }, i) => {
      const best = this.#bestWeights[i];
      if (best) value.values.set(best);
    });
  }
}
