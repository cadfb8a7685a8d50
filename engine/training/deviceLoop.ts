import type { LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { SplitMetrics } from '../protocol/events.ts';
import { DeviceTraining } from './deviceTraining.ts';
import type { Advance, LoopOptions } from './hostLoop.ts';
import { gradientsEvent } from './gradientSampler.ts';
import { Divergence } from './session.ts';
import type { ChosenForTraining } from './stepDevice.ts';
import { writeTrace } from './trace.ts';

/** Between two times that the numbers are brought home for whoever watches, in milliseconds, and how many times longer than that takes. */
const homecoming = 100;
const patience = 10;

interface DeviceLoopOptions extends LoopOptions {
  readonly chosen: ChosenForTraining;
  readonly data: LoadedData;
  /** Also told the step from which the CPU computes, where a device was to. */
  readonly warn: (message: string, cpuFrom?: number) => void;
}

/** What is to be at home beside weights, statistics and slots. */
interface Wish {
  /** Gradients and outputs of the last step. */
  readonly lastStep?: boolean;
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

  /** Takes the training to the device that was chosen, if one was, and warns where it is not what was asked for. */
  async start(): Promise<void> {
    const { chosen, session, data, trainer, warn } = this.#options;
    const { openDevice, lacking } = chosen;
    if (lacking !== undefined) warn(lacking);
    if (!openDevice) return;
    const sizes = { capacity: session.network.capacity, largestBatch: session.plan.largest };
    const open = () => openDevice({ source: trainer.source, data, sizes });
    try {
      this.#training = await DeviceTraining.create({
        ...{ session, data, open, warn },
        measuresHere: chosen.isSoftware ?? false,
      });
    } catch (error) {
      warn(`${EngineError.from(error).message} The training runs on the CPU.`, session.step);
      this.#giveBack();
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
    const isLast = before + untilLook === totalSteps;
    const sampling = isLast || wantsGradients();
    const isSampled = sampling && untilLook === 1;
    const most =
      single || traceDirectory ? 1 : Math.min(untilLook - (sampling && !isSampled ? 1 : 0), left(checkpointEvery));
    const probed = isSampled ? await training.probe(gradients, gradients.wishes(isLast)) : undefined;
    const results = probed ? [probed.result] : await training.advance(most);
    const gradientFault = probed?.fault === undefined ? undefined : Divergence.ofGradient(probed.fault);
    for (const [i, { loss, total, output, targets }] of results.entries()) {
      const divergence = session.divergence(total) ?? gradientFault;
      if (divergence) {
        await training.goBackTo(before + i);
        await this.leave();
        return { divergence: divergence.at(before + i + 1) };
      }
      progress.epochSum.add(loss, output, targets);
    }
    const last = results.at(-1);
    // At the end whole gradients come too, for whoever looks when the run is over.
    if (traceDirectory || (isSampled && isLast)) await training.comeHome({ lastStep: true });
    if (!training.isOnDevice) this.close();
    if (traceDirectory && last) writeTrace(traceDirectory, session, last);
    return { gradients: probed && gradientsEvent(session, [...probed.layers]) };
  }

  /** Loss and quality over these rows, computed where the training is. */
  evaluate(rows: Int32Array): SplitMetrics | undefined | Promise<SplitMetrics | undefined> {
    return this.#training ? this.#training.evaluate(rows) : this.#options.session.evaluate(rows);
  }

  /** Whether the session holds what its last step led to; also what that did, where that is asked for. */
  isHome(wish: Wish = {}): boolean {
    return this.#training?.isHome(wish) ?? true;
  }

  /** Brings everything that is to be kept into the session; what the last step did too, where that is asked for. */
  async comeHome(wish: Wish = {}): Promise<void> {
    await this.#training?.comeHome(wish);
  }

  /** Takes to the device what was changed since everything came home. */
  async takeOver(): Promise<void> {
    await this.#training?.takeOver();
  }

  /** Brings home what somebody waits to look at, at most ten times a second and for a tenth of the time. Whether it is there. */
  async refresh(wish: Wish): Promise<boolean> {
    if (this.isHome(wish)) return true;
    const started = performance.now();
    if (started < this.#nextHomecoming) return false;
    await this.comeHome(wish);
    const ended = performance.now();
    this.#nextHomecoming = ended + Math.max(homecoming, patience * (ended - started));
    return true;
  }

  /** Comes home for good. */
  async leave(): Promise<void> {
    await this.#training?.comeHome();
    this.close();
  }

  /** Lets go of the device; one that is lent goes back. */
  close(): void {
    if (!this.#training) return;
    this.#training.close();
    this.#training = undefined;
    this.#giveBack();
  }

  #giveBack(): void {
    // One that is gone needs no giving back.
    this.#options.trainer.elsewhere?.leaveDevices().catch(() => undefined);
  }
}
