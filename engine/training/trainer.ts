import type { LoadedData } from '../data/load.ts';
import { readSafetensors } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import { missingText } from '../protocol/dataText.ts';
import type {
  EndEvent,
  EndReason,
  GradientsEvent,
  MetricsEvent,
  SplitMetrics,
  StartEvent,
  TrainingEvent,
} from '../protocol/events.ts';
import type { HyperparameterChange, WeightChange } from '../protocol/trainer.ts';
import { withAlerts } from './alerts.ts';
import type { Checkpoint } from './checkpoint.ts';
import { chooseForTraining } from './chooseForTraining.ts';
import { CheckpointPolicy } from './checkpointPolicy.ts';
import { DeviceLoop } from './deviceLoop.ts';
import { HostLoop, type Advance } from './hostLoop.ts';
import { computedBy, deviceWarningOf, recordOf, startEventOf } from './describeRun.ts';
import { assertFits, assertSameData } from './fits.ts';
import { branchOf, branchOff, withStepsLeft } from './fork.ts';
import { HandMadeChanges } from './handMadeChanges.ts';
import { metricsEvent } from './metricsEvent.ts';
import { NetworkSampler } from './networkSampler.ts';
import { GradientSampler, recorded } from './gradientSampler.ts';
import { Onlookers } from './onlookers.ts';
import { Progress } from './progress.ts';
import { readData } from './readData.ts';
import { readReplay } from './resume.ts';
import { newRunPath, RunFolder } from './runFolder.ts';
import { TrainingSession } from './session.ts';
import { Standstill } from './standstill.ts';
import { setWeight } from './setWeight.ts';
import type { ChosenForTraining } from './stepDevice.ts';
import type { TrainerOptions } from './trainerOptions.ts';
import { setWeights, weightTensors } from './weights.ts';
import { sampleWeights } from './weightSampler.ts';

/** Longest stretch of computing between two looks at the messages, in milliseconds. */
const sliceMilliseconds = 10;

/** Trains one model: the loop, its events, and what is kept of them. */
export class Trainer {
  readonly #options: TrainerOptions;
  readonly #data: LoadedData;
  readonly #session: TrainingSession;
  /** Looks at the drawn nodes; to be asked between two steps. */
  readonly networkSampler: NetworkSampler;
  /** Copies all weights; to be asked between two steps. */
  readonly sampleWeights = () => sampleWeights(this.#session);
  readonly #totalSteps: number;
  readonly #startEvent: StartEvent;
  readonly #host: HostLoop;
  /** Does the steps while the run is on a device. */
  readonly #device: DeviceLoop;
  readonly #folder: RunFolder | undefined;
  readonly #progress: Progress;
  readonly onlookers: Onlookers;
  readonly #checkpoints: CheckpointPolicy;
  /** Step of the last checkpoint; none is written twice. */
  #checkpointStep = 0;
  #stoppedEarly = false;
  #epochStarted = performance.now();
  #stopping: 'stopped' | 'interrupted' | undefined;
  readonly #rest = new Standstill();
  /** Weights that somebody has set, to be taken between two steps. */
  readonly #changes = new HandMadeChanges();
  readonly pause = () => this.#rest.begin();
  readonly resume = () => this.#rest.end();
  /** Does one step of a paused run, which then stands still again. */
  readonly stepOnce = () => this.#rest.interrupt();
  /**
   * Sets a weight before the next step. Resolves to that step.
   * Rejects with `invalid-weights` where the network has no such one, or `not-running` where no step follows.
   */
  readonly setWeight = (change: WeightChange) => this.#changes.add(change);

  /**
   * Reads the data and prepares everything; `run` then trains.
   * Rejects with EngineError: `invalid-model`, `invalid-data`, `invalid-weights`, `memory-limit`,
   * `backend-unavailable`, `file-not-readable`, `file-not-writable`, `run-in-use`, `data-changed`.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const data = await readData(options);
    assertFits(options.source, data);
    assertSameData(options, data);
    const chosen = await chooseForTraining({ ...options, before: options.resume?.record.backend }, data);
    const { fork, weights } = options;
    const source = fork && weights ? withStepsLeft(options.source, fork, data) : options.source;
    return new Trainer({ ...options, source }, data, chosen);
  }

  private constructor(options: TrainerOptions, data: LoadedData, chosen: ChosenForTraining) {
    const { source, resume, fork } = options;
    const { model } = source;
    this.#options = { ...options, emit: withAlerts(options.emit) };
    this.#data = data;
    this.#session = new TrainingSession(source, data, chosen.backend);
    const { network } = this.#session;
    if (options.initFile) setWeights(network, readSafetensors(options.initFile).tensors, options.initFile);
    this.networkSampler = new NetworkSampler(this.#session, model.layers, chosen.backend, data);
    this.#progress = new Progress(this.#session, model.training.earlyStopping);
    if (fork) branchOff(fork, this.#progress, { session: this.#session, options });
    for (const change of options.weights ?? []) setWeight(network, change);
    const steps = options.steps ?? resume?.record.steps;
    this.#totalSteps = steps ?? model.training.epochs * this.#session.plan.stepsPerEpoch;

    const loop = {
      ...{ session: this.#session, trainer: options, totalSteps: this.#totalSteps },
      ...{ progress: this.#progress, gradients: new GradientSampler(network, options) },
    };
    this.#host = new HostLoop(loop);
    const warn = (message: string, cpuFrom?: number) => this.#emit(deviceWarningOf(chosen, message, cpuFrom));
    this.#device = new DeviceLoop({ ...loop, chosen, data, warn });
    this.onlookers = new Onlookers({ session: this.#session, device: this.#device, trainer: options, chosen, data });

    const beginning = { source, data, chosen, session: this.#session, steps };
    const { runsDirectory, runDirectory: path = runsDirectory && newRunPath(runsDirectory, model.name) } = options;
    this.#checkpoints = new CheckpointPolicy(options.checkpointEvery, resume !== undefined || path !== undefined);
    const lose = (message: string) => this.#options.emit({ event: 'warning', code: 'run-folder', message });
    if (resume) {
      const record = { ...resume.record, ...computedBy(chosen), steps };
      const { folder, checkpoint } = RunFolder.reopen(resume.folder, record, lose);
      this.#folder = folder;
      if (checkpoint) this.#restore(checkpoint, folder);
    } else if (fork) {
      const record = { ...recordOf(beginning), ...branchOf(fork, options) };
      this.#folder = path ? RunFolder.create(path, record, lose) : undefined;
    } else {
      this.#folder = path ? RunFolder.create(path, recordOf(beginning), lose) : undefined;
      // Nothing else keeps weights that no seed draws, should the run be killed early.
      if (options.initFile || options.weights) this.#saveCheckpoint();
    }
    this.#startEvent = {
      ...startEventOf(beginning, this.#totalSteps),
      ...(this.#folder && { runDirectory: this.#folder.path }),
      ...((resume ?? fork) && { resumedFrom: this.#session.step }),
    };
  }

  get step(): number {
    return this.#session.step;
  }

  /** Trains to the end, or until `stop`. Messages are answered every few milliseconds. Whatever fails becomes the run's end. */
  async run(): Promise<EndEvent> {
    try {
      return await this.#train();
    } catch (thrown) {
      const { code, line } = EngineError.from(thrown);
      // What is kept of the run is what it led to, as far as the device still tells.
      await this.#device.leave().catch(() => undefined);
      return this.#end(code === 'diverged' ? 'diverged' : 'failed', line);
    } finally {
      this.#changes.refuse();
      this.#device.close();
      this.#session.close();
    }
  }

  async #train(): Promise<EndEvent> {
    const failure = await this.#begin();
    if (failure) return this.#end('diverged', failure);
    if (this.#options.weights && this.#rest.isOn) await this.#breathe();
    this.#epochStarted = performance.now();
    let sliceEnd = performance.now() + sliceMilliseconds;
    while (this.#session.step < this.#totalSteps && !this.#stopping && !this.#stoppedEarly) {
      const advanced = this.#device.isOn
        ? await this.#device.advance({ single: this.#rest.isOn })
        : this.#host.advance();
      // A step may cost microseconds, and so does waiting for what is there already.
      const after = this.#afterSteps(advanced);
      const diverged = after instanceof Promise ? await after : after;
      if (diverged) {
        await this.#device.leave();
        return this.#end('diverged', diverged);
      }
      if (this.#checkpoints.isDue(this.step)) await this.#writeCheckpoint();
      if (performance.now() < sliceEnd && !this.#rest.isOn && !this.#changes.any) continue;
      await this.#breathe();
      sliceEnd = performance.now() + sliceMilliseconds;
    }
    return this.#finish();
  }

  /** Lets messages be heard between two steps, and stands still as long as the run is paused. */
  async #breathe(): Promise<void> {
    this.#folder?.flush();
    // Nobody waits for a device while a run stands still.
    if (this.#rest.isOn) await this.#writeCheckpoint({ lastStep: true });
    await this.onlookers.look();
    await this.#rest.wait(
      () => this.#changes.arrived,
      () => this.#takeChanges(),
    );
  }

  /** Sets the weights that somebody has set since the last step, wherever the training is. */
  async #takeChanges(): Promise<void> {
    if (!this.#changes.any) return;
    await this.#device.comeHome();
    this.#changes.take(this.#session.network, change => {
      this.#emit({ event: 'weight', step: this.step, ...change });
      return this.step + 1;
    });
    await this.#device.takeOver();
    // A resume from an earlier checkpoint would not know of the change.
    await this.#writeCheckpoint({ again: true });
    this.onlookers.lookAtPredictions({ always: true });
  }

  /** Ends the run after the step at hand; `interrupted` when the user did not ask for it. */
  stop(why: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#stopping = why;
    this.resume();
  }

  /** Changes the learning rate of a running training. Returns the first step that uses it. */
  setHyperparameters({ learningRate }: HyperparameterChange): number {
    this.#session.optimizer.learningRate = learningRate;
    this.#emit({ event: 'hyperparameters', step: this.#session.step, learningRate });
    // A resume from an earlier checkpoint would not know of the change.
    if (this.#device.isOn) this.#checkpoints.isWanted = true;
    else this.#saveCheckpoint({ again: true });
    return this.#session.step + 1;
  }

  /** Says that the run begins, and takes it to its device. Returns what to tell the user if it cannot. */
  async #begin(): Promise<string | undefined> {
    const { resume, fork, replay } = this.#options;
    if (fork) {
      this.#emit(this.#startEvent);
      for (const event of fork.past) this.#emit(event);
    } else if (resume) {
      this.#options.emit(this.#startEvent);
      if (replay) for (const event of readReplay(resume.folder)) this.#options.emit(event);
      if (!this.#folder?.hasPast) this.#folder?.append(this.#startEvent);
    } else this.#emit(this.#startEvent);
    for (const change of this.#options.weights ?? []) this.#emit({ event: 'weight', step: this.step, ...change });
    if (fork) await this.#writeCheckpoint({ again: true });
    // A device may take a moment to open; whoever changes something meanwhile must find the run begun.
    await this.#device.start();
    if (fork || this.step > 0 || this.#folder?.hasPast) return undefined;
    const incomplete = missingText(this.#data.missing);
    if (incomplete) this.#emit({ event: 'warning', code: 'missing-values', message: incomplete });
    this.#host.learningRate = this.#session.learningRate;
    const train = await this.#device.evaluate(this.#data.split.train);
    if (train && !Number.isFinite(train.loss))
      return 'The loss is not finite before the first step. Normalise the inputs, or use smaller initial weights.';
    if (train) this.#emit(await this.#metricsEvent(train, 0));
    if (this.#options.weights) await this.#writeCheckpoint({ again: true });
    return undefined;
  }

  /** The end of a run that went well; early stopping keeps the best weights it has seen. */
  async #finish(): Promise<EndEvent> {
    await this.#writeCheckpoint();
    await this.#device.leave();
    if (this.#stopping) return this.#end('stopped');
    const { earlyStopping } = this.#progress;
    if (!earlyStopping) return this.#end('completed');
    earlyStopping.restore();
    const kept = `The weights are those of epoch ${String(earlyStopping.state.bestEpoch)}, the best one.`;
    return this.#end(this.#stoppedEarly ? 'earlyStopped' : 'completed', kept);
  }

  /** Tells what the last steps led to. Returns what to tell the user if their numbers are not finite. */
  #afterSteps({ divergence, gradients }: Advance): undefined | string | Promise<string | undefined> {
    if (divergence) return divergence;
    const isLast = this.step === this.#totalSteps;
    const endsEpoch = this.step % this.#session.plan.stepsPerEpoch === 0;
    if (!isLast && !endsEpoch) return undefined;
    return this.#endEpoch(endsEpoch, gradients);
  }

  /** Measures and tells; `whole` is false where the last epoch is cut short. */
  async #endEpoch(whole: boolean, gradients: GradientsEvent | undefined): Promise<string | undefined> {
    // What is told of an epoch that --steps cuts short is not part of the run, should it go on.
    if (!whole) await this.#writeCheckpoint();
    if (gradients) this.#emit(gradients);
    const { result, rows } = this.#progress.epochSum;
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    const event = await this.#metricsEvent(result, seconds > 0 ? rows / seconds : 0);
    if (event.validationLoss !== undefined && !Number.isFinite(event.validationLoss))
      return `After step ${String(this.#session.step)}, the validation loss is not finite. Lower the learning rate, or normalise the inputs.`;
    this.#emit(event);
    if (whole && this.#progress.remembers(event)) await this.#device.comeHome();
    if (whole) this.#stoppedEarly = this.#progress.endEpoch(event);
    this.#epochStarted = performance.now();
    return undefined;
  }

  async #metricsEvent(train: SplitMetrics, samplesPerSecond: number): Promise<MetricsEvent> {
    const validation = await this.#device.evaluate(this.#data.split.validation);
    return metricsEvent(this.#session, {
      train,
      validation,
      learningRate: (this.#device.isOn ? this.#device : this.#host).learningRate,
      samplesPerSecond,
    });
  }

  #end(reason: EndReason, message?: string): EndEvent {
    const end: EndEvent = {
      event: 'end',
      reason,
      step: this.#session.step,
      epoch: this.#session.epochOf(this.#session.step),
      // What has failed once need not be asked again.
      metrics: reason === 'failed' ? {} : this.#session.evaluateSplits(),
      ...(message !== undefined && { message }),
    };
    this.#folder?.append(end);
    const status = reason === 'earlyStopped' ? 'completed' : reason;
    this.#folder?.finish(
      weightTensors(this.#session.network),
      end,
      reason === 'stopped' ? (this.#stopping ?? status) : status,
    );
    if (reason !== 'failed' && reason !== 'diverged') this.onlookers.lookAtPredictions({ always: true });
    this.#options.emit(end);
    return end;
  }

  async #writeCheckpoint(options: { again?: boolean; lastStep?: boolean } = {}): Promise<void> {
    await this.#device.comeHome(options);
    this.#saveCheckpoint({ again: this.#checkpoints.isWanted, ...options });
    this.#checkpoints.isWanted = false;
  }

  #saveCheckpoint({ again = false } = {}): void {
    if (!this.#folder || (this.step === this.#checkpointStep && !again && this.step > 0)) return;
    const started = performance.now();
    const file = this.#folder.writeCheckpoint(metricsBytes => this.#progress.checkpoint(metricsBytes));
    this.#checkpoints.written(performance.now() - started);
    if (file === undefined) return;
    this.#checkpointStep = this.step;
    this.#emit({ event: 'checkpoint', step: this.step, epoch: this.#session.epochOf(this.step), file });
  }

  #restore(checkpoint: Checkpoint, folder: RunFolder): void {
    try {
      this.#progress.restore(checkpoint, folder.path);
      this.#checkpointStep = checkpoint.state.step;
      // A run may have been killed after it stopped early and before it said so.
      this.#stoppedEarly = this.#progress.earlyStopping?.isOver ?? false;
    } catch (error) {
      folder.close();
      throw error;
    }
  }

  #emit(event: TrainingEvent): void {
    this.#folder?.append(recorded(event));
    this.#options.emit(event);
  }
}
