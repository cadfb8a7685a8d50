import type { MetricsEvent } from '../protocol/events.ts';
import type { EarlyStoppingSettings } from '../model/schema.ts';
import type { Checkpoint } from './checkpoint.ts';
import { EarlyStopping } from './earlyStopping.ts';
import type { MetricsSum } from './metrics.ts';
import type { TrainingSession } from './session.ts';

/** Before the names of the tensors that early stopping would restore. */
const bestPrefix = 'best:';

/** How far a training has come: everything that a checkpoint keeps. */
export class Progress {
  readonly earlyStopping: EarlyStopping | undefined;
  /** What the epoch at hand has gathered. */
  epochSum: MetricsSum;
  readonly #session: TrainingSession;
  /** Validation loss of the last epoch; of the training rows where nothing is held out. */
  #lastLoss: number | undefined;

  constructor(session: TrainingSession, earlyStopping: EarlyStoppingSettings | undefined) {
    this.#session = session;
    this.earlyStopping = earlyStopping && new EarlyStopping(earlyStopping, session.network);
    this.epochSum = session.newMetrics();
  }

  /** Whether the weights of this epoch will be remembered. */
  remembers({ trainLoss, validationLoss }: MetricsEvent): boolean {
    return this.earlyStopping?.improves(validationLoss ?? trainLoss) ?? false;
  }

  /** Takes note of an epoch and begins the next. Whether early stopping ends the run. */
  endEpoch({ epoch, trainLoss, validationLoss }: MetricsEvent): boolean {
    this.#lastLoss = validationLoss ?? trainLoss;
    this.#session.plateau.observe(this.#lastLoss);
    this.epochSum = this.#session.newMetrics();
    return this.earlyStopping?.observe(epoch, this.#lastLoss) ?? false;
  }

  checkpoint(metricsBytes: number): Checkpoint {
    const { tensors, ...session } = this.#session.save();
    const best = [...(this.earlyStopping?.bestWeights ?? [])].map(
      ([name, values]) => [bestPrefix + name, { shape: [values.length], values }] as const,
    );
    return {
      state: {
        ...session,
        epoch: this.#session.epochOf(session.step),
        metrics: this.epochSum.state,
        metricsBytes,
        ...(this.earlyStopping && { earlyStopping: this.earlyStopping.state }),
        ...(this.#lastLoss !== undefined && { loss: this.#lastLoss }),
      },
      tensors: new Map([...tensors, ...best]),
    };
  }

  /** Goes on where a checkpoint was written. Throws `invalid-weights`, placed in `file`. */
  restore({ state, tensors }: Checkpoint, file: string, options: { readonly otherOptimizer?: boolean } = {}): void {
    const own = new Map([...tensors].filter(([name]) => !name.startsWith(bestPrefix)));
    this.#session.restore({ ...state, sampling: state.sampling, tensors: own }, file, options);
    this.epochSum.state = state.metrics;
    this.#lastLoss = state.loss;
    if (!this.earlyStopping || !state.earlyStopping) return;
    this.earlyStopping.state = state.earlyStopping;
    this.earlyStopping.bestWeights = new Map(
      [...tensors].flatMap(([name, { values }]) =>
        name.startsWith(bestPrefix) ? [[name.slice(bestPrefix.length), values] as const] : [],
      ),
    );
  }
}
