import path from 'node:path';
import { chooseBackend } from '../backends/choose.ts';
import { loadData, type LoadedData } from '../data/load.ts';
import { encodeSafetensors, readSafetensors } from '../export/safetensors.ts';
import { writeFileAtomically } from '../files/atomicFile.ts';
import { checkWidths } from '../model/check.ts';
import { EngineError } from '../model/errors.ts';
import { placeIn, type ModelInFile } from '../model/modelInFile.ts';
import { assertAffordable, layerShapes, parameterCount, trainingBytes } from '../model/shapes.ts';
import type { EndEvent, EndReason, MetricsEvent, StartEvent, TrainingEvent } from '../protocol/events.ts';
import type { HyperparameterChange } from '../protocol/trainer.ts';
import { EarlyStopping } from './earlyStopping.ts';
import { GradientProbe } from './gradientProbe.ts';
import { MetricsSum } from './metrics.ts';
import { newRunPath, RunFolder, sha256 } from './runFolder.ts';
import { TrainingSession, type Divergence, type StepResult } from './session.ts';
import { version } from './version.ts';
import { gradientTensors, setWeights, weightTensors } from './weights.ts';

/** Longest stretch of computing between two looks at the messages, in milliseconds. */
const sliceMilliseconds = 10;

export interface TrainerOptions {
  /** What to train. Its text is kept in the run folder. */
  readonly source: ModelInFile;
  readonly emit: (event: TrainingEvent) => void;
  /** Asked once an epoch: whether somebody would look at gradients now. */
  readonly wantsGradients: () => boolean;
  /** Ends after exactly so many steps, whatever `training.epochs` says. */
  readonly steps?: number | undefined;
  /** Starts from these weights instead of drawn ones. */
  readonly initFile?: string | undefined;
  /** Writes weights, gradients and loss of every step into this folder. */
  readonly traceDirectory?: string | undefined;
  /** The folder of this very run, or … */
  readonly runDirectory?: string | undefined;
  /** … the folder under which a new one is made. Without either nothing is kept. */
  readonly runsDirectory?: string | undefined;
}

/** Trains one model: the loop, its events, and what is kept of them. */
export class Trainer {
  readonly #options: TrainerOptions;
  readonly #data: LoadedData;
  readonly #session: TrainingSession;
  readonly #probe: GradientProbe;
  readonly #totalSteps: number;
  readonly #startEvent: StartEvent;
  readonly #folder: RunFolder | undefined;
  readonly #earlyStopping: EarlyStopping | undefined;
  #stoppedEarly = false;
  /** The rate of the last step, or of the first. */
  #learningRate: number;
  #epochSum: MetricsSum;
  #epochStarted = performance.now();
  #stopping = false;
  #paused: PromiseWithResolvers<undefined> | undefined;

  /**
   * Reads the data and prepares everything; `run` then trains.
   * Rejects with EngineError: `invalid-model`, `invalid-data`, `invalid-weights`, `memory-limit`,
   * `backend-unavailable`, `file-not-readable`, `file-not-writable`.
   */
  static async create(options: TrainerOptions): Promise<Trainer> {
    return new Trainer(options, await loadData(options.source));
  }

  private constructor(options: TrainerOptions, data: LoadedData) {
    const { source } = options;
    const { model } = source;
    const { backend, reason } = chooseBackend(model.backend);
    assertFits(source, data);
    this.#options = options;
    this.#data = data;
    this.#session = new TrainingSession(source, data, backend);
    if (options.initFile) setWeights(this.#session.network, readSafetensors(options.initFile), options.initFile);
    this.#probe = new GradientProbe(this.#session.network.parameters);
    const { earlyStopping } = model.training;
    this.#earlyStopping = earlyStopping && new EarlyStopping(earlyStopping, this.#session.network.parameters);
    this.#learningRate = this.#session.learningRate;
    this.#epochSum = new MetricsSum(this.#session.task);
    this.#totalSteps = options.steps ?? model.training.epochs * this.#session.plan.stepsPerEpoch;

    const folder = options.runDirectory ?? (options.runsDirectory && newRunPath(options.runsDirectory, model.name));
    const { train, validation, test } = data.split;
    this.#startEvent = {
      event: 'start',
      name: model.name,
      seed: model.seed,
      backend: backend.name,
      backendReason: reason,
      device: backend.device,
      parameters: parameterCount(layerShapes(model.layers, data.features.columns)),
      rows: { train: train.length, validation: validation.length, test: test.length },
      inputs: data.features.columns,
      outputs: data.targets.columns,
      epochs: this.#session.epochOf(this.#totalSteps),
      totalSteps: this.#totalSteps,
      task: this.#session.task === 'regression' ? 'regression' : 'classification',
      ...(folder && { runDirectory: folder }),
    };
    this.#folder = folder
      ? new RunFolder(folder, {
          name: model.name,
          modelPath: path.resolve(source.file),
          model: source.text,
          seed: model.seed,
          dataSha256: sha256(bytesOf(data.features.values), bytesOf(data.targets.values)),
          backend: backend.name,
          backendReason: reason,
          versions: { mlpStudio: version, node: process.versions.node },
          started: new Date().toISOString(),
        })
      : undefined;
  }

  get step(): number {
    return this.#session.step;
  }

  /** Trains to the end, or until `stop`. Messages are answered every few milliseconds. */
  async run(): Promise<EndEvent> {
    this.#emit(this.#startEvent);
    const train = this.#session.evaluate(this.#data.split.train);
    if (train && !Number.isFinite(train.loss))
      return this.#end(
        'diverged',
        'The loss is not finite before the first step. Normalise the inputs, or use smaller initial weights.',
      );
    this.#learningRate = this.#session.learningRate;
    if (train) this.#emit(this.#metricsEvent(train, 0));
    this.#epochStarted = performance.now();
    let sliceEnd = performance.now() + sliceMilliseconds;
    while (this.#session.step < this.#totalSteps && !this.#stopping && !this.#stoppedEarly) {
      const diverged = this.#advance();
      if (diverged) return this.#end('diverged', diverged);
      if (performance.now() < sliceEnd && !this.#paused) continue;
      this.#folder?.flush();
      await (this.#paused?.promise ?? new Promise<undefined>(resolve => setImmediate(resolve, undefined)));
      sliceEnd = performance.now() + sliceMilliseconds;
    }
    return this.#finish();
  }

  /** The end of a run that went well; early stopping keeps the best weights it has seen. */
  #finish(): EndEvent {
    if (this.#stopping) return this.#end('stopped');
    if (!this.#earlyStopping) return this.#end('completed');
    this.#earlyStopping.restore();
    const kept = `The weights are those of epoch ${String(this.#earlyStopping.bestEpoch)}, the best one.`;
    return this.#end(this.#stoppedEarly ? 'earlyStopped' : 'completed', kept);
  }

  /** Ends the run after the step at hand. */
  stop(): void {
    this.#stopping = true;
    this.resume();
  }

  pause(): void {
    this.#paused ??= Promise.withResolvers<undefined>();
  }

  resume(): void {
    this.#paused?.resolve(undefined);
    this.#paused = undefined;
  }

  /** Changes the learning rate of a running training. Returns the first step that uses it. */
  setHyperparameters({ learningRate }: HyperparameterChange): number {
    this.#session.optimizer.learningRate = learningRate;
    this.#emit({ event: 'hyperparameters', step: this.#session.step, learningRate });
    return this.#session.step + 1;
  }

  /** Does one step. Returns what to tell the user if its numbers are not finite. */
  #advance(): string | undefined {
    const session = this.#session;
    const result = session.forwardBackward();
    const divergence = session.divergence(result.total);
    if (divergence) return divergenceMessage(session.step + 1, divergence);
    this.#epochSum.add(result.loss, result.output, result.targets);
    const isLast = session.step + 1 === this.#totalSteps;
    const isLastOfEpoch = isLast || (session.step + 1) % session.plan.stepsPerEpoch === 0;
    // The last sample is kept for whoever looks when the run is over.
    const probing = isLast || (isLastOfEpoch && this.#options.wantsGradients());
    if (probing) this.#probe.beforeUpdate();
    this.#learningRate = session.learningRate;
    session.update();
    const overflow = session.overflow();
    if (overflow) return divergenceMessage(session.step, overflow);
    if (this.#options.traceDirectory) this.#trace(this.#options.traceDirectory, result);
    if (probing)
      this.#emit({
        event: 'gradients',
        step: session.step,
        epoch: session.epochOf(session.step),
        layers: this.#probe.layers(),
      });
    if (isLastOfEpoch) return this.#endEpoch();
    return undefined;
  }

  #endEpoch(): string | undefined {
    const { result, rows } = this.#epochSum;
    const seconds = (performance.now() - this.#epochStarted) / 1000;
    const event = this.#metricsEvent(result, seconds > 0 ? rows / seconds : 0);
    if (event.validationLoss !== undefined && !Number.isFinite(event.validationLoss))
      return `After step ${String(this.#session.step)}, the validation loss is not finite. Lower the learning rate, or normalise the inputs.`;
    this.#emit(event);
    this.#stoppedEarly = this.#earlyStopping?.observe(event.epoch, event.validationLoss ?? event.trainLoss) ?? false;
    this.#epochSum = new MetricsSum(this.#session.task);
    this.#epochStarted = performance.now();
    return undefined;
  }

  #metricsEvent(
    { loss, accuracy, r2 }: { loss: number; accuracy?: number | undefined; r2?: number | undefined },
    samplesPerSecond: number,
  ): MetricsEvent {
    const validation = this.#session.evaluate(this.#data.split.validation);
    const shownR2 = validation?.r2 ?? r2;
    return {
      event: 'metrics',
      step: this.#session.step,
      epoch: this.#session.epochOf(this.#session.step),
      trainLoss: loss,
      ...(accuracy !== undefined && { trainAccuracy: accuracy }),
      ...(validation && { validationLoss: validation.loss }),
      ...(validation?.accuracy !== undefined && { validationAccuracy: validation.accuracy }),
      ...(shownR2 !== undefined && { r2: shownR2 }),
      learningRate: this.#learningRate,
      samplesPerSecond: Math.round(samplesPerSecond),
    };
  }

  #end(reason: EndReason, message?: string): EndEvent {
    const { train, validation, test } = this.#data.split;
    const finite = (rows: Int32Array) => {
      const metrics = this.#session.evaluate(rows);
      return metrics && Number.isFinite(metrics.loss) ? metrics : undefined;
    };
    const measured = { train: finite(train), validation: finite(validation), test: finite(test) };
    const end: EndEvent = {
      event: 'end',
      reason,
      step: this.#session.step,
      epoch: this.#session.epochOf(this.#session.step),
      metrics: Object.fromEntries(Object.entries(measured).filter(([, metrics]) => metrics)),
      ...(message !== undefined && { message }),
    };
    this.#folder?.append(end);
    this.#folder?.finish(weightTensors(this.#session.network), end);
    this.#options.emit(end);
    return end;
  }

  #trace(directory: string, { loss, total }: StepResult): void {
    const { step, network } = this.#session;
    const tensors = new Map([...weightTensors(network), ...gradientTensors(network)]);
    const metadata = {
      loss: String(loss),
      total: String(total),
      step: String(step),
      epoch: String(this.#session.epochOf(step)),
    };
    writeFileAtomically(
      path.join(directory, `step-${String(step).padStart(6, '0')}.safetensors`),
      encodeSafetensors(tensors, metadata),
    );
  }

  #emit(event: TrainingEvent): void {
    this.#folder?.append(event);
    this.#options.emit(event);
  }
}

const divergenceMessage = (step: number, { where }: Divergence) =>
  `At step ${String(step)}, ${where} is not finite. Lower the learning rate, or normalise the inputs.`;

/** Refuses a model whose widths do not fit the data, or that would need too much memory. */
export function assertFits(given: ModelInFile, data: LoadedData): void {
  const { model } = given;
  const [finding] = checkWidths(model, { inputs: data.features.columns, outputs: data.targets.columns });
  if (finding) throw new EngineError('shape-mismatch', finding.message, placeIn(given, finding.path));
  const { batchSize } = model.training;
  const rows = batchSize === 'full' ? data.split.train.length : batchSize;
  assertAffordable(trainingBytes(layerShapes(model.layers, data.features.columns), rows), placeIn(given, ['layers']));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
