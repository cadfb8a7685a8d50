import type { Numbers } from '../backends/backend.ts';
import type { EarlyStoppingSettings } from '../model/schema.ts';
import type { Network } from '../network/network.ts';
import { tensorName } from '../network/parameter.ts';

export interface EarlyStoppingState {
  /** Lowest loss so far; absent before the first. */
  readonly best?: number | undefined;
  readonly bestEpoch: number;
  readonly waited: number;
}

/**
 * Watches the loss of each epoch, remembers the weights of the best one, and says when there has been none better for `patience` epochs.
 * Source: Prechelt 1998, “Early Stopping – But When?”.
 */
export class EarlyStopping {
  readonly #settings: EarlyStoppingSettings;
  readonly #network: Network;
  state: EarlyStoppingState = { bestEpoch: 0, waited: 0 };
  /** Weights and running statistics of the best epoch, by the name of their tensor. */
  bestWeights: ReadonlyMap<string, Numbers> = new Map();

  constructor(settings: EarlyStoppingSettings, network: Network) {
    this.#settings = settings;
    this.#network = network;
  }

  /** Whether an epoch of this loss is the best so far: its weights are then remembered. */
  improves(loss: number): boolean {
    return loss < (this.state.best ?? Infinity) - this.#settings.minimumImprovement;
  }

  /** Whether the run should end after this epoch. */
  observe(epoch: number, loss: number): boolean {
    const { best = Infinity, bestEpoch, waited } = this.state;
    if (this.improves(loss)) {
      this.state = { best: loss, bestEpoch: epoch, waited: 0 };
      this.bestWeights = new Map(this.#parts.map(part => [tensorName(part), part.value.values.slice()]));
      return false;
    }
    this.state = { best, bestEpoch, waited: waited + 1 };
    return this.isOver;
  }

  /** Whether the run has been waited for long enough. */
  get isOver(): boolean {
    return this.state.waited >= this.#settings.patience;
  }

  /** Begins anew, as if no epoch had been seen. */
  forget(): void {
    this.state = { bestEpoch: 0, waited: 0 };
    this.bestWeights = new Map();
  }

  /** Puts the best weights back. */
  restore(): void {
    for (const part of this.#parts) {
      const best = this.bestWeights.get(tensorName(part));
      if (best) part.value.values.set(best);
    }
  }

  get #parts() {
    return [...this.#network.parameters, ...this.#network.statistics];
  }
}
