import type { LoadedData } from '../data/load.ts';
import { readSafetensors } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import { parseModel } from '../model/parse.ts';
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
import type { HyperparameterChange } from '../protocol/trainer.ts';
import { withAlerts } from './alerts.ts';
import type { Checkpoint } from './checkpoint.ts';
import { chooseForTraining } from './chooseForTraining.ts';
import { CheckpointPolicy } from './checkpointPolicy.ts';
import { DeviceLoop } from './deviceLoop.ts';
import { HostLoop, type Advance } from './hostLoop.ts';
import { computedBy, homeOf, recordOf, startEventOf } from './describeRun.ts';
import { assertFits, assertSameData } from './fits.ts';
import type { ForkPoint } from './fork.ts';
import { metricsEvent } from './metricsEvent.ts';
import { NetworkSampler } from './networkSampler.ts';
import { GradientSampler, recorded } from './gradientSampler.ts';
import { PredictionSampler } from './predictionSampler.ts';
import { PredictionView } from './predictionView.ts';
import { Progress } from './progress.ts';
import { readData } from './readData.ts';
import { readReplay } from './resume.ts';
import { newRunPath, RunFolder } from './runFolder.ts';
import { TrainingSession } from './session.ts';
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
  readonly #predictions: PredictionSampler | undefined;
  readonly #checkpoints: CheckpointPolicy;
  /** Step of the last checkpoint; none is written twice. */
  #checkpointStep = 0;
  #checkpointWanted = false;
  #stoppedEarly = false;
  #epochStarted = performance.now();
  #stopping: 'stopped' | 'interrupted' | undefined;
  #paused: PromiseWithResolvers<undefined> | undefined;

  /**
   * Reads the data and prepares everything; `run` then trains.
   * Rejects with EngineError: `invalid-model`, `invalid-data`, `invalid-weights`, `memory-limit`,
   * `backend-unavailable`, `file-not-readable`, `file-not-writable`, `run-in-use`, `data-changed`.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const data = await readData(options);
    assertFits(options.source, data);
    assertSameData(options, data);
    return new Trainer(
      options,
      data,
      await chooseForTraining({ ...options, before: options.resume?.record.backend }, data),
    );
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
    const { wantsPredictions, emit } = options;
    const view = wantsPredictions && new PredictionView(chosen.backend, network, data, this.#session.task);
    this.#predictions = view && new PredictionSampler(view, wantsPredictions, emit);
    this.#checkpoints = new CheckpointPolicy(options.checkpointEvery);
    const steps = options.steps ?? resume?.record.steps;
    this.#totalSteps = steps ?? model.training.epochs * this.#session.plan.stepsPerEpoch;

    const loop = {
      ...{ session: this.#session, trainer: options, totalSteps: this.#totalSteps },
      ...{ progress: this.#progress, gradients: new GradientSampler(network, options) },
    };
    this.#host = new HostLoop(loop);
    const warn = (message: string, cpuFrom?: number) => {
      const computes = cpuFrom !== undefined && { computes: { ...homeOf(chosen), step: cpuFrom } };
      this.#emit({ event: 'warning', code: 'device', message, ...computes });
    };
    this.#device = new DeviceLoop({ ...loop, chosen, data, warn });

    const beginning = { source, data, chosen, session: this.#session, steps };
    const path = options.runDirectory ?? (options.runsDirectory && newRunPath(options.runsDirectory, model.name));
    const lose = (message: string) => this.#options.emit({ event: 'warning', code: 'run-folder', message });
    if (resume) {
      const { folder, checkpoint } = RunFolder.reopen(
        resume.folder,
        { ...resume.record, ...computedBy(chosen), steps },
        lose,
      );
      this.#folder = folder;
      if (checkpoint) this.#restore(checkpoint, folder);
    } else if (fork) {
      const forkedFrom = { folder: fork.folder, step: fork.checkpoint.state.step };
      this.#folder = path ? RunFolder.create(path, { ...recordOf(beginning), forkedFrom }, lose) : undefined;
      this.#branchOff(fork);
    } else {
      this.#folder = path ? RunFolder.create(path, recordOf(beginning), lose) : undefined;
      // Nothing else keeps the weights of an init file, should the run be killed early.
      if (options.initFile) this.#saveCheckpoint();
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
      return this.#end(code === 'diverged' ? 'diverged' : 'failed', line);
    } finally {
      this.#device.close();
      this.#session.close();
    }
  }

  async #train(): Promise<EndEvent> {
    const failure = await this.#begin();
    if (failure) return this.#end('diverged', failure);
    this.#epochStarted = performance.now();
    let sliceEnd = performance.now() + sliceMilliseconds;
    while (this.#session.step < this.#totalSteps && !this.#stopping && !this.#stoppedEarly) {
      const advanced = this.#device.isOn
        ? await this.#device.advance({ single: this.#paused !== undefined })
        : this.#host.advance();
      // A step may cost microseconds, and so does waiting for what is there already.
      const after = this.#afterSteps(advanced);
      const diverged = after instanceof Promise ? await after : after;
      if (diverged) return this.#end('diverged', diverged);
      if (this.#checkpoints.isDue(this.#session.step) || this.#checkpointWanted) await this.#writeCheckpoint();
      if (performance.now() < sliceEnd && !this.#paused) continue;
      this.#folder?.flush();
      if (this.#paused) await this.#writeCheckpoint();
      if (this.#device.isOn) await this.#device.refresh();
      this.#predictions?.look(this.step, this.#session.epochOf(this.step));
      await (this.#paused?.promise ?? new Promise<undefined>(resolve => setImmediate(resolve, undefined)));
      sliceEnd = performance.now() + sliceMilliseconds;
    }
    return this.#finish();
  }

  /** Ends the run after the step at hand; `interrupted` when the user did not ask for it. */
  stop(why: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#stopping = why;
    this.resume();
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers<undefined>();
  }

  resume(): void {
    this.#paused?.resolve(undefined);
    this.#paused = undefined;
  }

  /** Does one step of a paused run, which then stands still again. */
  async stepOnce(): Promise<void> {
    const waiting = this.#paused;
    if (!waiting) return;
    this.#paused = Promise.withResolvers<undefined>();
    waiting.resolve(undefined);
    // The loop goes on before this does.
    await new Promise(resolve => setImmediate(resolve));
  }

  /** Changes the learning rate of a running training. Returns the first step that uses it. */
  setHyperparameters({ learningRate }: HyperparameterChange): number {
    this.#session.optimizer.learningRate = learningRate;
    this.#emit({ event: 'hyperparameters', step: this.#session.step, learningRate });
    // A resume from an earlier checkpoint would not know of the change.
    if (this.#device.isOn) this.#checkpointWanted = true;
    else this.#saveCheckpoint({ again: true });
    return this.#session.step + 1;
  }

  /** Says that the run begins, and takes it to its device. Returns what to tell the user if it cannot. */
  async #begin(): Promise<string | undefined> {
    const { resume, fork, replay } = this.#options;
    if (fork) {
      this.#emit(this.#startEvent);
      for (const event of fork.past) this.#emit(event);
      await this.#writeCheckpoint({ again: true });
    } else if (resume) {
      this.#options.emit(this.#startEvent);
      if (replay) for (const event of readReplay(resume.folder)) this.#options.emit(event);
      if (this.step === 0) this.#folder?.append(this.#startEvent);
    } else this.#emit(this.#startEvent);
    // A device may take a moment to open; whoever changes something meanwhile must find the run begun.
    await this.#device.start();
    if (fork || this.step > 0) return undefined;
    const incomplete = missingText(this.#data.missing);
    if (incomplete) this.#emit({ event: 'warning', code: 'missing-values', message: incomplete });
    this.#host.learningRate = this.#session.learningRate;
    const train = await this.#device.evaluate(this.#data.split.train);
    if (train && !Number.isFinite(train.loss))
      return 'The loss is not finite before the first step. Normalise the inputs, or use smaller initial weights.';
    if (train) this.#emit(await this.#metricsEvent(train, 0));
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
    if (reason !== 'failed' && reason !== 'diverged') this.#predictions?.look(end.step, end.epoch, { last: true });
    this.#options.emit(end);
    return end;
  }

  async #writeCheckpoint(options: { again?: boolean } = {}): Promise<void> {
    await this.#device.comeHome();
    this.#saveCheckpoint({ again: this.#checkpointWanted, ...options });
    this.#checkpointWanted = false;
  }

  #saveCheckpoint({ again = false } = {}): void {
    const { step } = this.#session;
    if (!this.#folder || (step === this.#checkpointStep && !again && step > 0)) return;
    const started = performance.now();
    const file = this.#folder.writeCheckpoint(metricsBytes => this.#progress.checkpoint(metricsBytes));
    this.#checkpoints.written(performance.now() - started);
    if (file === undefined) return;
    this.#checkpointStep = step;
    this.#emit({ event: 'checkpoint', step, epoch: this.#session.epochOf(step), file });
  }

  /** Takes over where another run stood. What the model says now counts from here, be it a learning rate or another optimizer. */
  #branchOff({ checkpoint, record, folder }: ForkPoint): void {
    const before = parseModel(record.model).draft?.optimizer;
    const { optimizer } = this.#options.source.model;
    this.#progress.restore(checkpoint, folder, { otherOptimizer: before?.type !== optimizer.type });
    if (before?.learningRate !== optimizer.learningRate) this.#session.optimizer.learningRate = optimizer.learningRate;
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
