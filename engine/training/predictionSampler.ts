import type { PredictionsEvent } from '../protocol/predictions.ts';
import type { PredictionView } from './predictionView.ts';

/** Milliseconds between two looks, and how many times longer than a look takes. */
const interval = 100;
const patience = 10;

/** Looks at predictions when somebody wants to see them, at most ten times a second and for a tenth of the time. */
export class PredictionSampler {
  readonly #view: PredictionView;
  readonly #wanted: () => boolean;
  readonly #emit: (event: PredictionsEvent) => void;
  #next = 0;

  constructor(view: PredictionView, wanted: () => boolean, emit: (event: PredictionsEvent) => void) {
    this.#view = view;
    this.#wanted = wanted;
    this.#emit = emit;
  }

  /** Whether somebody wants to see them now. */
  get isDue(): boolean {
    return performance.now() >= this.#next && this.#wanted();
  }

  /** The last look of a run is always taken, for whoever comes later, and so is one at a weight set by hand. */
  look(step: number, epoch: number, { always = false } = {}): void {
    if (!always && !this.isDue) return;
    const started = performance.now();
    this.#emit(this.#view.look(step, epoch));
    const ended = performance.now();
    this.#next = ended + Math.max(interval, patience * (ended - started));
  }
}
