import type { Schedule } from '../model/schema.ts';

export interface PlateauState {
  /** Lowest loss so far; absent before the first. */
  readonly best?: number | undefined;
  readonly waited: number;
  readonly reductions: number;
}

/**
 * Watches the loss of each epoch for `reduceOnPlateau`: a loss is better when it is below (1 − threshold) times the best one;
 * after more than `patience` epochs without a better one the learning rate is lowered once.
 * Source: PyTorch's ReduceLROnPlateau.
 */
export class PlateauWatch {
  readonly #schedule: Extract<Schedule, { type: 'reduceOnPlateau' }> | undefined;
  #state: PlateauState = { waited: 0, reductions: 0 };

  constructor(schedule: Schedule | undefined) {
    this.#schedule = schedule?.type === 'reduceOnPlateau' ? schedule : undefined;
  }

  get reductions(): number {
    return this.#state.reductions;
  }

  get state(): PlateauState {
    return this.#state;
  }

  set state(state: PlateauState) {
    this.#state = state;
  }

  observe(loss: number): void {
    if (!this.#schedule) return;
    const { patience, threshold } = this.#schedule;
    const { best, waited, reductions } = this.#state;
    if (best === undefined || loss < best * (1 - threshold)) this.#state = { best: loss, waited: 0, reductions };
    else if (waited < patience) this.#state = { best, waited: waited + 1, reductions };
    else this.#state = { best, waited: 0, reductions: reductions + 1 };
  }
}
