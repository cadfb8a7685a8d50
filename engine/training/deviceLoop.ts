import type { LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { SplitMetrics } from '../protocol/events.ts';
import { DeviceTraining } from './deviceTraining.ts';
import type { Advance, LoopOptions } from './hostLoop.ts';
import type { ChosenForTraining } from './stepDevice.ts';
import { writeTrace } from './trace.ts';

/** Between two times that the numbers are brought home for whoever watches, in milliseconds. */
const homecoming = 100;

interface DeviceLoopOptions extends LoopOptions {
  readonly chosen: ChosenForTraining;
  readonly data: LoadedData;
  readonly warn: (message: string) => void;
}

/** The trainer's steps where a device does them: several at once, looked at when all of them are done. */
export class DeviceLoop {
  readonly #options: DeviceLoopOptions;
  #training: DeviceTraining | undefined;
  #nextHomecoming = 0;

  constructor(options: DeviceLoopOptions) {
    this.#options = options;
  }

  /** Whether a device does the steps now. */
  get isOn(): boolean {
    return this.#training !== undefined;
  }

  /** The learning rate of the last step. */
  get learningRate(): number {
    return this.#training?.learningRate ?? this.#options.session.learningRate;
  }

  /** Takes the training to the device that was chosen, if one was. Returns what to tell the user where the CPU goes on instead. */
  async start(): Promise<string | undefined> {
    const { chosen, session, data, trainer, warn } = this.#options;
    const { openDevice, lacking } = chosen;
    if (!openDevice) return lacking;
    const sizes = { capacity: session.network.capacity, largestBatch: session.plan.largest };
    const open = () => openDevice({ source: trainer.source, data, sizes });
    try {
      this.#training = await DeviceTraining.create({
        ...{ session, data, open, warn },
        measuresHere: chosen.isSoftware ?? false,
      });
      return lacking;
    } catch (error) {
      return `${EngineError.from(error).message} The training runs on the CPU.`;
    }
  }

  /** Does the next steps, or one where somebody looks at it; never beyond the end of an epoch. */
  async advance({ single }: { readonly single: boolean }): Promise<Advance> {
    const training = this.#training;
    if (!training) return {};
    const { session, trainer, totalSteps, progress, gradients } = this.#options;
    const { traceDirectory, wantsGradients, checkpointEvery = Infinity } = trainer;
    const before = session.step;
    const left = (every: number) => every - (before % every);
    const untilLook = Math.min(left(session.plan.stepsPerEpoch), totalSteps - before);
    // The last step before a look is sampled: alone, because weights before and after it are compared.
    const sampling = before + untilLook === totalSteps || wantsGradients();
    const isSampled = sampling && untilLook === 1;
    if (isSampled) {
      await training.comeHome();
      gradients.beforeUpdate();
    }
    const most =
      single || traceDirectory ? 1 : Math.min(untilLook - (sampling && !isSampled ? 1 : 0), left(checkpointEvery));
    const results = await training.advance(most);
    for (const [i, { loss, total, output, targets }] of results.entries()) {
      const divergence = session.divergence(total);
      if (divergence) {
        await training.goBackTo(before + i);
        await this.leave();
        return { divergence: divergence.at(before + i + 1) };
      }
      progress.epochSum.add(loss, output, targets);
    }
    const last = results.at(-1);
    if (traceDirectory || session.step === before + untilLook)
      await training.comeHome({ lastStep: isSampled || traceDirectory !== undefined });
    if (!training.isOnDevice) this.#training = undefined;
    if (traceDirectory && last) writeTrace(traceDirectory, session, last);
    const isLast = session.step === totalSteps;
    return { gradients: isSampled && last ? gradients.sample(session, last.output.rows, isLast) : undefined };
  }

  /** Loss and quality over these rows, computed where the training is. */
  evaluate(rows: Int32Array): SplitMetrics | undefined | Promise<SplitMetrics | undefined> {
    return this.#training ? this.#training.evaluate(rows) : this.#options.session.evaluate(rows);
  }

  /** Brings everything that is to be kept into the session. */
  async comeHome(): Promise<void> {
    await this.#training?.comeHome();
  }

  /** Takes to the device what was changed since everything came home. */
  async takeOver(): Promise<void> {
    await this.#training?.takeOver();
  }

  /** Brings home what somebody may watch, if what is there is not fresh. */
  async refresh(): Promise<void> {
    if (!this.#training || !this.#options.trainer.wantsPredictions || performance.now() < this.#nextHomecoming) return;
    await this.#training.comeHome({ lastStep: true });
    this.#nextHomecoming = performance.now() + homecoming;
  }

  /** Comes home for good. */
  async leave(): Promise<void> {
    await this.#training?.comeHome();
    this.close();
  }

  close(): void {
    this.#training?.close();
    this.#training = undefined;
  }
}
