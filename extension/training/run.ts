import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import type { EndEvent, GradientsEvent, TrainingEvent } from '../../engine/protocol/events.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
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
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import { ProcessSamples } from './processSamples.ts';
import { RunProcess } from './runProcess.ts';
import { TrainedModel } from './trainedModel.ts';
import { RunHistory } from './runHistory.ts';
import type { RunStatus } from './runStatus.ts';
import type { WatchedTrainings } from './watchedTraining.ts';
import { endText, type ProcessEnd, type ProcessStarter } from './trainingProcess.ts';

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
  #process: RunProcess | undefined;
  #model: TrainedModel | undefined;
  #state: RunState = 'idle';
  #history = new RunHistory();
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
  responsive = true;

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
    return this.#history.status;
  }

  /** Gradient samples so far, oldest first. */
  get gradients(): readonly GradientsEvent[] {
    return this.#history.gradients;
  }

  get latestPredictions(): PredictionsEvent | undefined {
    return this.#history.latestPredictions;
  }

  dispose(): void {
    this.#process?.release();
    this.#process = undefined;
    this.#history = new RunHistory();
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
    return this.#history.folder;
  }

  /** Whether it could go on where it stopped or was cut off. */
  get isResumable(): boolean {
    return !this.isBusy && this.#history.isResumable;
  }

  /** The folder with the weights that this training has left and `network` shows; undefined while it runs, and where they are not kept. */
  get keptFolder(): string | undefined {
    return this.isBusy || !this.#model || !this.network.latest ? undefined : this.folder;
  }

  /** This training, for whoever draws its way; undefined when it does not run. */
  get watched(): WatchedTrainings | undefined {
    const { text = '', fromSeed = true, snapshot } = this.#model ?? {};
    if (!this.isBusy || !snapshot) return undefined;
    return {
      ...{ text, fromSeed },
      trainings: [{ title: '', optimizer: snapshot.optimizer, weights: this.weights }],
      onDidChange: listener => this.#stateChanged.event(listener),
      isOver: () => !this.isBusy,
    };
  }

  /** Starts training, unless it runs already. Throws the EngineError that says why it cannot. */
  start(request: StartRequest, text: string): Promise<void> {
    this.#beginsPaused = request.paused ?? false;
    return this.#begin(trainer => trainer.start(request), new TrainedModel(text, { fromSeed: true }));
  }

  /** Goes on with an earlier training, unless one runs. */
  resumeFrom(request: ResumeRequest, text: string): Promise<void> {
    this.#beginsPaused = false;
    return this.#begin(trainer => trainer.resumeRun(request), new TrainedModel(text, { fromSeed: false }));
  }

  /** Branches off from an earlier training, unless one runs. */
  fork(request: ForkRequest, text: string): Promise<void> {
    this.#beginsPaused = request.paused ?? false;
    return this.#begin(trainer => trainer.forkRun(request), new TrainedModel(text, { fromSeed: false }));
  }

  /** Shows what an earlier training has recorded, unless one runs. Answers with what is shown, for `hearMore`. */
  showRecorded(recorded: RecordedRun): RunHistory | undefined {
    if (this.isBusy) return undefined;
    const history = RunHistory.of(recorded);
    this.#beginWith(history);
    this.#begun.fire(undefined);
    return history;
  }

  /** Hears what a training that another process does has told since; false when it is not shown any more. */
  hearMore(of: RunHistory, events: readonly TrainingEvent[], { goesOn }: { readonly goesOn: boolean }): boolean {
    if (this.#history !== of) return false;
    for (const event of events) if (event.event === 'gradients') of.sample(event);
    this.#keep(events.filter(({ event }) => event !== 'gradients'));
    if (of.goesOnElsewhere === goesOn) return true;
    of.goesOnElsewhere = goesOn;
    this.#stateChanged.fire(this.#state);
    return true;
  }

  #beginWith(history: RunHistory): void {
    this.#history = history;
    this.#model = undefined;
    this.responsive = true;
  }

  async #begin(launch: (trainer: TrainerCalls) => Promise<void>, model: TrainedModel): Promise<void> {
    if (this.isBusy) return;
    this.#beginWith(new RunHistory());
    this.#model = model;
    const started = this.#startProcess(
      {
        events: batch => this.#receive(batch),
        network: sample => this.network.receive(sample),
        weights: sample => this.weights.receive(sample),
        responsive: value => this.#heartbeat(value),
      },
      { backend: model.snapshot?.backend ?? 'auto', title: modelTitle(this.uri) },
    );
    const process = new RunProcess(started);
    this.#process = process;
    void started.ended.then(end => this.#processEnded(process, end));
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
      if (this.#is('stopping')) {
        this.#finish({ ...this.#history.failure(error.message), reason: 'stopped' });
        return;
      }
      this.#finish(this.#history.failure(error.line));
      throw error;
    }
  }

  /** Ends the training after its step, and waits for that. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (!process) return;
    if (!this.#is('stopping')) {
      this.#setState('stopping');
      process.stop();
    }
    await process.over;
  }

  async pause(): Promise<void> {
    const paused = this.#is('running') && (await this.#process?.obeys(trainer => trainer.pause()));
    if (paused && this.#is('running')) this.#setState('paused');
  }

  async resume(): Promise<void> {
    const resumed = this.#is('paused') && (await this.#process?.obeys(trainer => trainer.resume()));
    if (resumed && this.#is('paused')) this.#setState('running');
  }

  /** Does one more step of a paused training. */
  async step(): Promise<void> {
    if (this.#is('paused')) await this.#process?.obeys(trainer => trainer.step());
  }

  /** The text of the model says something else by now. */
  get modelChanged(): boolean {
    return this.#model?.differs ?? false;
  }

  /** Hears what the model's text says now. */
  follow(model: Model, changes: { readonly rateChanged: boolean }): void {
    if (!this.#model || !this.isBusy) return;
    const before = this.#model.differs;
    const learningRate = this.#model.follow(model, changes);
    if (learningRate !== undefined) this.#process?.tell(trainer => trainer.setHyperparameters({ learningRate }));
    if (this.#model.differs !== before) this.#stateChanged.fire(this.#state);
  }

  /** Sets a weight of the network in training, between two steps. Throws the EngineError that says why it cannot. */
  async setWeight(change: WeightChange): Promise<void> {
    await this.#process?.trainer.setWeight(change);
  }

  /** Says that the last gradient sample has been drawn, so that the next one is worth computing. */
  acknowledgeGradients(): void {
    this.#process?.tell(trainer => trainer.acknowledgeGradients());
  }

  /** The same for predictions. */
  acknowledgePredictions(): void {
    this.#process?.tell(trainer => trainer.acknowledgePredictions());
  }

  /** Gradient samples bring the matrices of this layer from now on, in later trainings too; of none for ''. */
  watchLayer(layerId: string): void {
    this.#watched = layerId;
    this.#process?.tell(trainer => trainer.watchLayer(layerId));
  }

  #receive(batch: readonly TrainingEvent[]): void {
    if (this.#state === 'starting' && batch.some(({ event }) => event !== 'progress'))
      this.#setState(this.#beginsPaused ? 'paused' : 'running');
    const gradients = batch.filter(event => event.event === 'gradients');
    for (const sample of gradients) this.#history.sample(sample);
    const latest = gradients.at(-1);
    if (latest) this.#sampled.fire(latest);
    const predictions = batch.findLast(event => event.event === 'predictions');
    if (predictions) {
      this.#history.latestPredictions = predictions;
      this.#predicted.fire(predictions);
    }
    const end = batch.find(event => event.event === 'end');
    this.#keep(batch.filter(({ event }) => event !== 'gradients' && event !== 'predictions' && event !== 'end'));
    if (end) this.#finish(end);
  }

  #keep(events: readonly TrainingEvent[]): void {
    if (events.length === 0) return;
    this.#history.append(events);
    this.#received.fire(events);
  }

  #finish(end: EndEvent): void {
    const process = this.#process;
    if (!process) return;
    this.#process = undefined;
    process.release();
    this.#keep([end]);
    this.#setState('idle');
  }

  #processEnded(process: RunProcess, end: ProcessEnd): void {
    if (this.#process !== process) return;
    if (this.#is('stopping')) {
      const message = vscode.l10n.t('The training process did not answer and was ended.');
      this.#finish({ ...this.#history.failure(message), reason: 'stopped' });
      return;
    }
    const message = vscode.l10n.t('The training process stopped unexpectedly ({0}).', endText(end));
    this.#finish(this.#history.failure(message));
    this.#crashed.fire(message);
  }

  /** Asks the process something whose answer comes as an event; false when there is none. */
  #ask(question: (trainer: TrainerCalls) => Promise<unknown>): boolean {
    if (!this.#process) return false;
    this.#process.tell(question);
    return true;
  }

  /** Asked anew each time, since the state may change while something is awaited. */
  #is(state: RunState): boolean {
    return this.#state === state;
  }

  #heartbeat(responsive: boolean): void {
    this.responsive = responsive;
    const message = responsive
      ? vscode.l10n.t('The training process responds again.')
      : vscode.l10n.t('The training process is not responding. Wait for it, or stop it.');
    this.#keep([{ event: 'warning', code: responsive ? 'responding' : 'not-responding', message }]);
    this.#stateChanged.fire(this.#state);
  }

  #setState(state: RunState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
