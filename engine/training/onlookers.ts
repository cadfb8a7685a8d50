import type { LoadedData } from '../data/load.ts';
import type { DeviceLoop } from './deviceLoop.ts';
import { PredictionSampler } from './predictionSampler.ts';
import { PredictionView } from './predictionView.ts';
import type { TrainingSession } from './session.ts';
import type { ChosenForTraining } from './stepDevice.ts';
import type { TrainerOptions } from './trainerOptions.ts';

interface Looked {
  readonly session: TrainingSession;
  readonly device: Pick<DeviceLoop, 'isHome' | 'refresh'>;
  readonly trainer: Pick<TrainerOptions, 'wantsPredictions' | 'emit'>;
  readonly chosen: Pick<ChosenForTraining, 'backend'>;
  readonly data: LoadedData;
}

/** Whoever looks at a training between two steps. What is on a device comes home for them, and for nobody else. */
export class Onlookers {
  readonly #session: TrainingSession;
  readonly #device: Looked['device'];
  readonly #predictions: PredictionSampler | undefined;
  readonly #waiting: { readonly look: () => void; readonly lastStep: boolean }[] = [];

  constructor({ session, device, trainer: { wantsPredictions, emit }, chosen: { backend }, data }: Looked) {
    this.#session = session;
    this.#device = device;
    const view = wantsPredictions && new PredictionView(backend, session.network, data, session.task);
    this.#predictions = view && new PredictionSampler(view, wantsPredictions, emit);
  }

  /**
   * Has the session looked at while it stands between two steps: at once, or as soon as a device has brought home what its last step led to,
   * and what that did where `lastStep` is asked for.
   */
  whenHome(look: () => void, { lastStep = false } = {}): void {
    if (this.#device.isHome({ lastStep })) look();
    else this.#waiting.push({ look, lastStep });
  }

  /** To be called between two steps: shows what somebody waits to look at. */
  async look(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#predictions?.isDue) return;
    if (!(await this.#device.refresh({ lastStep: this.#waiting.some(({ lastStep }) => lastStep) }))) return;
    for (const { look } of this.#waiting.splice(0)) look();
    this.lookAtPredictions();
  }

  /** With numbers that are at home; `always` shows them to whoever comes later too. */
  lookAtPredictions(options: { readonly always?: boolean } = {}): void {
    const { step } = this.#session;
    this.#predictions?.look(step, this.#session.epochOf(step), options);
  }
}
