import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { EndEvent, GradientsEvent, TrainingEvent } from '../../engine/protocol/events.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import type {
  ForkRequest,
  ResumeRequest,
  StartRequest,
  TrainerCalls,
  WeightChange,
} from '../../engine/protocol/trainer.ts';
import type { RunState } from '../../engine/protocol/views.ts';
import type { RecordedRun } from '../runs/recordedEvents.ts';
import { modelTitle } from '../models/modelFiles.ts';
import { EventHistory } from './eventHistory.ts';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import { ProcessSamples } from './processSamples.ts';
import { RunStatus } from './runStatus.ts';
import type { WatchedTrainings } from './watchedTraining.ts';
import { endText, politeness, type ProcessEnd, type ProcessStarter, type TrainingProcess } from './trainingProcess.ts';

const withRate = (model: Model, learningRate: number): Model => ({
  ...model,
  optimizer: { ...model.optimizer, learningRate },
});

/** The training of one model: at most one at a time, with its process, state and history. */
export class Run implements vscode.Disposable {
  uri: vscode.Uri;
  readonly #startProcess: ProcessStarter;
  readonly #stateChanged = new vscode.EventEmitter<RunState>();
  readonly #received = new vscode.EventEmitter<readonly TrainingEvent[]>();
  readonly #begun = new vscode.EventEmitter<undefined>();
  readonly #sampled = new vscode.EventEmitter<GradientsEvent>();
  readonly #predicted = new vscode.EventEmitter<PredictionsEvent>();
  readonly #crashed = new vscode.EventEmitter<string>();
  #process: TrainingProcess | undefined;
  /** The model as the training began with it, with its learning rate as it is now. */
  #snapshot: Model | undefined;
  /** Its text then. */
  #text = '';
  /** It did not go on from weights of another training. */
  #fromSeed = true;
  #state: RunState = 'idle';
  #history = new EventHistory();
  #status = new RunStatus();
  #gradients = new SampleHistory();
  #watched = '';
  /** The training at hand stands still after its first step. */
  #beginsPaused = false;

  readonly onDidChangeState = this.#stateChanged.event;
  /** A new training begins; what was known of the last one is gone. */
  readonly onDidBegin = this.#begun.event;
  readonly onDidReceive = this.#received.event;
  readonly onDidSampleGradients = this.#sampled.event;
  readonly onDidPredict = this.#predicted.event;
  /** The process is gone though nobody asked it to go; carries what to tell the user. */
  readonly onDidCrash = this.#crashed.event;
  /** What the network in training holds, for whoever draws it. */
  readonly network = new ProcessSamples<NetworkSample>(() => this.#ask(trainer => trainer.requestNetwork()));
  /** All its weights, for whoever draws its way. */
  readonly weights = new ProcessSamples<WeightSample>(() => this.#ask(trainer => trainer.requestWeights()));
  latestPredictions: PredictionsEvent | undefined;
  responsive = true;
  /** The text of the model says something else by now. */
  modelChanged = false;

  constructor(uri: vscode.Uri, startProcess: ProcessStarter) {
    this.uri = uri;
    this.#startProcess = startProcess;
  }

  get state(): RunState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#state !== 'idle';
  }

  get events(): readonly TrainingEvent[] {
    return this.#history.events;
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Gradient samples so far, oldest first. */
  get gradients(): readonly GradientsEvent[] {
    return this.#gradients.samples;
  }

  dispose(): void {
    this.#process?.dispose();
    this.#process = undefined;
    this.network.dispose();
    this.weights.dispose();
    for (const emitter of [
      this.#stateChanged,
      this.#received,
      this.#begun,
      this.#sampled,
      this.#predicted,
      this.#crashed,
    ])
      emitter.dispose();
  }

  /** The folder that keeps this training, if it is kept. */
  get folder(): string | undefined {
    return this.#status.start?.runDirectory;
  }

  /** Whether it could go on where it stopped or was cut off. */
  get isResumable(): boolean {
    const reason = this.#status.end?.reason;
    return (
      !this.isBusy && this.folder !== undefined && (reason === undefined || reason === 'stopped' || reason === 'failed')
    );
  }

  /** This training, for whoever draws its way; undefined when it does not run. */
  get watched(): WatchedTrainings | undefined {
    if (!this.isBusy || !this.#snapshot) return undefined;
    return {
      text: this.#text,
      trainings: [{ title: '', optimizer: this.#snapshot.optimizer, weights: this.weights }],
      fromSeed: this.#fromSeed,
      onDidChange: listener => this.#stateChanged.event(listener),
      isOver: () => !this.isBusy,
    };
  }

  /** Starts training, unless it runs already. Throws the EngineError that says why it cannot. */
  start(request: StartRequest, text: string): Promise<void> {
    this.#beginsPaused = request.paused ?? false;
    return this.#begin(trainer => trainer.start(request), text, { fromSeed: true });
  }

  /** Goes on with an earlier training, unless one runs. */
  resumeFrom(request: ResumeRequest, text: string): Promise<void> {
    this.#beginsPaused = false;
    return this.#begin(trainer => trainer.resumeRun(request), text, { fromSeed: false });
  }

  /** Branches off from an earlier training, unless one runs. */
  fork(request: ForkRequest, text: string): Promise<void> {
    this.#beginsPaused = false;
    return this.#begin(trainer => trainer.forkRun(request), text, { fromSeed: false });
  }

  /** Shows what an earlier training has recorded, unless one runs. */
  showRecorded({ events, gradients }: RecordedRun): void {
    if (this.isBusy) return;
    this.#forget();
    for (const sample of gradients) this.#gradients.add(sample);
    this.#history.append(events);
    this.#status.read(events);
    this.#begun.fire(undefined);
  }

  #forget(): void {
    this.#history = new EventHistory();
    this.#status = new RunStatus();
    this.#gradients = new SampleHistory();
    this.latestPredictions = undefined;
    this.modelChanged = false;
    this.responsive = true;
  }

  /** `text` is the model as the training begins with it. */
  async #begin(
    launch: (trainer: TrainerCalls) => Promise<void>,
    text: string,
    { fromSeed }: { readonly fromSeed: boolean },
  ): Promise<void> {
    if (this.isBusy) return;
    this.#fromSeed = fromSeed;
    this.#forget();
    this.#snapshot = parseModel(text).model;
    this.#text = text;
    const process = this.#startProcess(
      {
        events: batch => this.#receive(batch),
        network: sample => this.network.receive(sample),
        weights: sample => this.weights.receive(sample),
        responsive: value => this.#heartbeat(value),
      },
      { backend: this.#snapshot?.backend ?? 'auto', title: modelTitle(this.uri) },
    );
    this.#process = process;
    void process.ended.then(end => this.#processEnded(process, end));
    this.#setState('starting');
    this.#begun.fire(undefined);
    try {
      // One sample in any case, so that a view that opens later has something to show.
      this.acknowledgeGradients();
      this.acknowledgePredictions();
      this.watchLayer(this.#watched);
      this.network.begin();
      this.weights.begin();
      await launch(process.trainer);
    } catch (thrown) {
      const error = EngineError.from(thrown);
      // A process that died is reported by its end.
      if (error.code === 'process-ended') return;
      if (this.#wasStopped()) {
        this.#finish({ ...this.#failure(error.message), reason: 'stopped' });
        return;
      }
      this.#finish(this.#failure(error.line));
      throw error;
    }
  }

  /** Asks the process to end after its step; one that does not answer is killed. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (!process || this.#state === 'stopping') return;
    this.#setState('stopping');
    const answered = process.trainer.stop().then(
      () => true,
      () => true,
    );
    const late = new Promise<boolean>(resolve => setTimeout(resolve, politeness, false));
    if (await Promise.race([answered, late])) return;
    process.kill();
  }

  async pause(): Promise<void> {
    if (this.#state !== 'running') return;
    await this.#process?.trainer.pause();
    this.#setState('paused');
  }

  async resume(): Promise<void> {
    if (this.#state !== 'paused') return;
    await this.#process?.trainer.resume();
    this.#setState('running');
  }

  /** Does one more step of a paused training. */
  async step(): Promise<void> {
    if (this.#state === 'paused') await this.#process?.trainer.step();
  }

  /**
   * Hears what the model's text says now. A learning rate that the user has changed is taken over, unless the text names another
   * optimizer by now; the rest stays as it was.
   */
  follow(model: Model, { rateChanged }: { readonly rateChanged: boolean }): void {
    const { type, learningRate } = model.optimizer;
    if (!this.#snapshot || !this.isBusy) return;
    const changed = !isDeepStrictEqual(withRate(model, 1), withRate(this.#snapshot, 1));
    if (rateChanged && type === this.#snapshot.optimizer.type) {
      this.#snapshot = withRate(this.#snapshot, learningRate);
      this.#process?.trainer.setHyperparameters({ learningRate }).catch(() => undefined);
    }
    if (changed === this.modelChanged) return;
    this.modelChanged = changed;
    this.#stateChanged.fire(this.#state);
  }

  /** Sets a weight of the network in training, between two steps. Throws the EngineError that says why it cannot. */
  async setWeight(change: WeightChange): Promise<void> {
    await this.#process?.trainer.setWeight(change);
  }

  /** Says that the last gradient sample has been drawn, so that the next one is worth computing. */
  acknowledgeGradients(): void {
    this.#process?.trainer.acknowledgeGradients().catch(() => undefined);
  }

  /** The same for predictions. */
  acknowledgePredictions(): void {
    this.#process?.trainer.acknowledgePredictions().catch(() => undefined);
  }

  /** Gradient samples bring the matrices of this layer from now on, in later trainings too; of none for ''. */
  watchLayer(layerId: string): void {
    this.#watched = layerId;
    this.#process?.trainer.watchLayer(layerId).catch(() => undefined);
  }

  #receive(batch: readonly TrainingEvent[]): void {
    if (this.#state === 'starting' && batch.some(({ event }) => event !== 'progress'))
      this.#setState(this.#beginsPaused ? 'paused' : 'running');
    const gradients = batch.filter(event => event.event === 'gradients');
    for (const sample of gradients) this.#gradients.add(sample);
    const latest = gradients.at(-1);
    if (latest) this.#sampled.fire(latest);
    const predictions = batch.findLast(event => event.event === 'predictions');
    if (predictions) {
      this.latestPredictions = predictions;
      this.#predicted.fire(predictions);
    }
    const end = batch.find(event => event.event === 'end');
    this.#keep(batch.filter(({ event }) => event !== 'gradients' && event !== 'predictions' && event !== 'end'));
    if (end) this.#finish(end);
  }

  #keep(events: readonly TrainingEvent[]): void {
    if (events.length === 0) return;
    this.#history.append(events);
    this.#status.read(events);
    this.#received.fire(events);
  }

  #finish(end: EndEvent): void {
    if (!this.#process) return;
    this.#process.dispose();
    this.#process = undefined;
    this.#keep([end]);
    this.#setState('idle');
  }

  #processEnded(process: TrainingProcess, end: ProcessEnd): void {
    if (this.#process !== process) return;
    if (this.#state === 'stopping') {
      const message = vscode.l10n.t('The training process did not answer and was ended.');
      this.#finish({ ...this.#failure(message), reason: 'stopped' });
      return;
    }
    const message = vscode.l10n.t('The training process stopped unexpectedly ({0}).', endText(end));
    this.#finish(this.#failure(message));
    this.#crashed.fire(message);
  }

  /** Asks the process something whose answer comes as an event; false when there is none. */
  #ask(question: (trainer: TrainerCalls) => Promise<unknown>): boolean {
    if (!this.#process) return false;
    question(this.#process.trainer).catch(() => undefined);
    return true;
  }

  /** Asked anew, since the state may change while something is awaited. */
  #wasStopped(): boolean {
    return this.#state === 'stopping';
  }

  #heartbeat(responsive: boolean): void {
    this.responsive = responsive;
    const message = responsive
      ? vscode.l10n.t('The training process responds again.')
      : vscode.l10n.t('The training process is not responding. Wait for it, or stop it.');
    this.#keep([{ event: 'warning', code: responsive ? 'responding' : 'not-responding', message }]);
    this.#stateChanged.fire(this.#state);
  }

  #failure(message: string): EndEvent {
    const { latest } = this.#status;
    return { event: 'end', reason: 'failed', step: latest?.step ?? 0, epoch: latest?.epoch ?? 0, metrics: {}, message };
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
