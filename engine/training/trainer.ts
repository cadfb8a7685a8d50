import { chooseBackend } from '../backends/choose.ts';
import type { LoadedData } from '../data/load.ts';
import { readSafetensors } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';
import { parseModel } from '../model/parse.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { missingText } from '../protocol/dataText.ts';
import type { EndEvent, EndReason, MetricsEvent, SplitMetrics, StartEvent, TrainingEvent } from '../protocol/events.ts';
import type { HyperparameterChange } from '../protocol/trainer.ts';
import { withAlerts } from './alerts.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointPolicy } from './checkpointPolicy.ts';
import { dataSha256, recordOf, startEventOf } from './describeRun.ts';
import { assertFits } from './fits.ts';
import type { ForkPoint } from './fork.ts';
import { metricsEvent } from './metricsEvent.ts';
import { NetworkSampler } from './networkSampler.ts';
import { GradientSampler, recorded } from './gradientSampler.ts';
import { PredictionSampler } from './predictionSampler.ts';
import { PredictionView } from './predictionView.ts';
import { Progress } from './progress.ts';
import { readData } from './readData.ts';
import { readEvents, type ResumableRun } from './resume.ts';
import { newRunPath, RunFolder } from './runFolder.ts';
import { TrainingSession } from './session.ts';
import { writeTrace } from './trace.ts';
import { setWeights, weightTensors } from './weights.ts';

/** Longest stretch of computing between two looks at the messages, in milliseconds. */
const sliceMilliseconds = 10;

export interface TrainerOptions {
  /** What to train. Its text is kept in the run folder. */
  readonly source: ModelInFile;
  readonly emit: (event: TrainingEvent) => void;
  /** Asked once an epoch: whether somebody would look at gradients now. */
  readonly wantsGradients: () => boolean;
  /** Gradient samples come with histograms, for a viewer that draws them. */
  readonly histograms?: boolean | undefined;
  /** Asked between two steps: whether somebody would look at predictions now. */
  readonly wantsPredictions?: (() => boolean) | undefined;
  /** Ends the reading of the data; `create` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends after exactly so many steps, counted from the beginning, whatever `training.epochs` says. */
  readonly steps?: number | undefined;
  /** The most threads that the backend may use; by default one for each core. */
  readonly threads?: number | undefined;
  /** Starts from these weights instead of drawn ones. */
  readonly initFile?: string | undefined;
  /** Writes weights, gradients and loss of every step into this folder. */
  readonly traceDirectory?: string | undefined;
  /** The folder of this very run, or … */
  readonly runDirectory?: string | undefined;
  /** … the folder under which a new one is made. Without either nothing is kept. */
  readonly runsDirectory?: string | undefined;
  /** Whether somebody looks at the weights of this layer; at the last step everybody may. */
  readonly watchesLayer?: ((layerId: string) => boolean) | undefined;
  /** Steps between two checkpoints; without it one is written every few seconds. */
  readonly checkpointEvery?: number | undefined;
  /** Goes on with this run, whose `source` it is. */
  readonly resume?: ResumableRun | undefined;
  /** Branches off from another run, of whose model `source` may be a variation. */
  readonly fork?: ForkPoint | undefined;
  /** Goes on although the data are no longer those of the run. */
  readonly acceptChangedData?: boolean | undefined;
  /** A resumed run tells its listener what it has recorded before. */
  readonly replay?: boolean | undefined;
}

/** Trains one model: the loop, its events, and what is kept of them. */
export class Trainer {
  readonly #options: TrainerOptions;
  readonly #data: LoadedData;
  readonly #session: TrainingSession;
  /** Looks at the drawn nodes; to be asked between two steps. */
  readonly networkSampler: NetworkSampler;
  readonly #gradients: GradientSampler;
  readonly #totalSteps: number;
  readonly #startEvent: StartEvent;
  readonly #folder: RunFolder | undefined;
  readonly #progress: Progress;
  readonly #predictions: PredictionSampler | undefined;
  readonly #checkpoints: CheckpointPolicy;
  /** Step of the last checkpoint; none is written twice. */
  #checkpointStep = 0;
  #stoppedEarly = false;
  /** The rate of the last step, or of the first. */
  #learningRate: number;
  #epochStarted = performance.now();
  #stopping: 'stopped' | 'interrupted' | undefined;
  #paused: PromiseWithResolvers<undefined> | undefined;

  /**
   * Reads the data and prepares everything; `run` then trains.
   * Rejects with EngineError: `invalid-model`, `invalid-data`, `invalid-weights`, `memory-limit`,
   * `backend-unavailable`, `file-not-readable`, `file-not-writable`, `run-in-use`, `data-changed`.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    return new Trainer(options, await readData(options));
  }

  private constructor(options: TrainerOptions, data: LoadedData) {
    const { source, resume, fork } = options;
    const { model } = source;
    const chosen = chooseBackend(model.backend, options.threads);
    assertFits(source, data);
    if (resume && !options.acceptChangedData && dataSha256(data) !== resume.record.dataSha256)
      throw new EngineError(
        'data-changed',
        'The data are not those that this run has learned from. Restore them, start a new run, or accept the change with --accept-changed-data.',
        { file: source.file },
      );
    this.#options = { ...options, emit: withAlerts(options.emit) };
    this.#data = data;
    this.#session = new TrainingSession(source, data, chosen.backend);
    const { network } = this.#session;
    if (options.initFile) setWeights(network, readSafetensors(options.initFile).tensors, options.initFile);
    this.networkSampler = new NetworkSampler(this.#session, model.layers, chosen.backend, data);
    this.#gradients = new GradientSampler(network, options);
    this.#progress = new Progress(this.#session, model.training.earlyStopping);
    const { wantsPredictions, emit } = options;
    const view = wantsPredictions && new PredictionView(chosen.backend, network, data, this.#session.task);
    this.#predictions = view && new PredictionSampler(view, wantsPredictions, emit);
    this.#checkpoints = new CheckpointPolicy(options.checkpointEvery);
    const steps = options.steps ?? resume?.record.steps;
    this.#totalSteps = steps ?? model.training.epochs * this.#session.plan.stepsPerEpoch;

    const beginning = { source, data, chosen, session: this.#session, steps };
    const path = options.runDirectory ?? (options.runsDirectory && newRunPath(options.runsDirectory, model.name));
    const warn = (message: string) => this.#options.emit({ event: 'warning', code: 'run-folder', message });
    if (resume) {
      const { folder, checkpoint } = RunFolder.reopen(resume.folder, { ...resume.record, steps }, warn);
      this.#folder = folder;
      if (checkpoint) this.#restore(checkpoint, folder);
    } else if (fork) {
      const forkedFrom = { folder: fork.folder, step: fork.checkpoint.state.step };
      this.#folder = path ? RunFolder.create(path, { ...recordOf(beginning), forkedFrom }, warn) : undefined;
      this.#branchOff(fork);
    } else {
      this.#folder = path ? RunFolder.create(path, recordOf(beginning), warn) : undefined;
      // Nothing else keeps the weights of an init file, should the run be killed early.
      if (options.initFile) this.#writeCheckpoint();
    }
    this.#learningRate = this.#session.learningRate;
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
      return this.#end('failed', EngineError.from(thrown).line);
    } finally {
      this.#session.close();
    }
  }

  async #train(): Promise<EndEvent> {
    const failure = this.#begin();
    if (failure) return this.#end('diverged', failure);
    this.#epochStarted = performance.now();
    let sliceEnd = performance.now() + sliceMilliseconds;
    while (this.#session.step < this.#totalSteps && !this.#stopping && !this.#stoppedEarly) {
      const diverged = this.#advance();
      if (diverged) return this.#end('diverged', diverged);
      if (this.#checkpoints.isDue(this.#session.step)) this.#writeCheckpoint();
      if (performance.now() < sliceEnd && !this.#paused) continue;
      this.#folder?.flush();
      if (this.#paused) this.#writeCheckpoint();
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
    this.#writeCheckpoint({ again: true });
    return this.#session.step + 1;
  }

  /** Says that the run begins. Returns what to tell the user if it cannot. */
  #begin(): string | undefined {
    const { resume, fork, replay } = this.#options;
    if (fork) {
      this.#emit(this.#startEvent);
      for (const event of fork.past) this.#emit(event);
      this.#writeCheckpoint({ again: true });
      return undefined;
    }
    if (resume) {
      this.#options.emit(this.#startEvent);
      if (replay)
        for (const event of readEvents(resume.folder))
          if (event.event !== 'start' && event.event !== 'end') this.#options.emit(event);
      if (this.#session.step > 0) return undefined;
      this.#folder?.append(this.#startEvent);
    } else this.#emit(this.#startEvent);
    const incomplete = missingText(this.#data.missing);
    if (incomplete) this.#emit({ event: 'warning', code: 'missing-values', message: incomplete });
    this.#learningRate = this.#session.learningRate;
    const train = this.#session.evaluate(this.#data.split.train);
    if (train && !Number.isFinite(train.loss))
      return 'The loss is not finite before the first step. Normalise the inputs, or use smaller initial weights.';
    if (train) this.#emit(this.#metricsEvent(train, 0));
    return undefined;
  }

  /** The end of a run that went well; early stopping keeps the best weights it has seen. */
  #finish(): EndEvent {
    this.#writeCheckpoint();
    if (this.#stopping) return this.#end('stopped');
    const { earlyStopping } = this.#progress;
    if (!earlyStopping) return this.#end('completed');
    earlyStopping.restore();
    const kept = `The weights are those of epoch ${String(earlyStopping.state.bestEpoch)}, the best one.`;
    return this.#end(this.#stoppedEarly ? 'earlyStopped' : 'completed', kept);
  }

  /** Does one step. Returns what to tell the user if its numbers are not finite. */
  #advance(): string | undefined {
    const session = this.#session;
    const result = session.forwardBackward();
    const divergence = session.divergence(result.total);
    if (divergence) return divergence.at(session.step + 1);
    this.#progress.epochSum.add(result.loss, result.output, result.targets);
    const isLast = session.step + 1 === this.#totalSteps;
    const endsEpoch = (session.step + 1) % session.plan.stepsPerEpoch === 0;
    // The last sample is kept for whoever looks when the run is over.
    const sampling = isLast || (endsEpoch && this.#options.wantsGradients());
    if (sampling) this.#gradients.beforeUpdate();
    this.#learningRate = session.learningRate;
    session.update();
    const overflow = session.overflow();
    if (overflow) return overflow.at(session.step);
    if (this.#options.traceDirectory) writeTrace(this.#options.traceDirectory, session, result);
    // What is told of an epoch that --steps cuts short is not part of the run, should it go on.
    if (isLast && !endsEpoch) this.#writeCheckpoint();
    if (sampling) this.#emit(this.#gradients.sample(session, result.output.rows, isLast));
    return isLast || endsEpoch ? this.#endEpoch(endsEpoch) : undefined;
  }

  /** Measures and tells; `whole` is false where the last epoch is cut short. */
  #endEpoch(whole: boolean): string | undefined {
    const { result, rows } = this.#progress.epochSum;
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    const event = this.#metricsEvent(result, seconds > 0 ? rows / seconds : 0);
    if (event.validationLoss !== undefined && !Number.isFinite(event.validationLoss))
      return `After step ${String(this.#session.step)}, the validation loss is not finite. Lower the learning rate, or normalise the inputs.`;
    this.#emit(event);
    if (whole) this.#stoppedEarly = this.#progress.endEpoch(event);
    this.#epochStarted = performance.now();
    return undefined;
  }

  #metricsEvent(train: SplitMetrics, samplesPerSecond: number): MetricsEvent {
    const validation = this.#session.evaluate(this.#data.split.validation);
    return metricsEvent(this.#session, { train, validation, learningRate: this.#learningRate, samplesPerSecond });
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

  #writeCheckpoint({ again = false } = {}): void {
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
