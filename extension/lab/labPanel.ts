import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { ExploreEvent } from '../../engine/protocol/lab.ts';
import type { ModelSource } from '../../engine/protocol/trainer.ts';
import { labHostSchemas, type HostToLab, type LabToHost, type ViewedExploration } from '../../engine/protocol/views.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import type { FileMoves } from '../models/fileMoves.ts';
import { modelTitle } from '../models/modelFiles.ts';
import type { ProcessStarter, TrainingProcess } from '../training/trainingProcess.ts';
import { modelOfState } from '../training/trainingPanels.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';
import type { Origins } from './origins.ts';
import { pursue } from './pursuit.ts';

const labViewType = 'mlpStudio.lab';

export interface LabPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly models: ModelDocuments;
  readonly moves: FileMoves;
  readonly origins: Origins;
  readonly startProcess: ProcessStarter;
  /** Asks the user for a model where nothing tells which one is meant. */
  readonly findModel: () => Promise<vscode.Uri | undefined>;
}

/** The optimizer lab: one panel, and a process that computes for it while it is open. */
export class LabPanel implements vscode.Disposable {
  readonly #options: LabPanelOptions;
  readonly #subscriptions: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #process: TrainingProcess | undefined;
  #view: Channel<HostToLab, LabToHost> | undefined;
  #model: vscode.Uri | undefined;
  #exploring = false;
  /** The last that an exploration has said, for a page that is new. */
  #explored = new Map<ExploreEvent['kind'], ExploreEvent>();
  /** What the page shall explore when it is ready; '' for the likeliest. */
  #wanted: string | undefined;
  /** Counts how often it was asked what can be explored. */
  #questions = 0;
  /** The run that was asked for last. */
  #asked = '';
  /** Brings weights of trainings to the process, while it follows them. */
  #pursuit: vscode.Disposable | undefined;

  constructor(options: LabPanelOptions) {
    this.#options = options;
    this.#subscriptions = vscode.Disposable.from(
      options.moves.onDidMove(moved => {
        const now = this.#model && moved(this.#model);
        if (!now) return;
        this.#model = now;
        void this.#tellAll();
      }),
      vscode.window.registerWebviewPanelSerializer(labViewType, {
        deserializeWebviewPanel: (panel, state: unknown) => {
          this.#model ??= modelOfState(state);
          this.#fill(panel);
          return Promise.resolve();
        },
      }),
      options.origins.onDidChange(() => void this.#tellOrigins()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#panel?.dispose();
  }

  /** Opens the lab, or brings it to the front. `model` is the network that it may explore. */
  show(model: vscode.Uri | undefined): void {
    this.#open(model);
  }

  /** Opens the lab and explores the loss of a network: around a run of it, else around what is likeliest meant. */
  showNetwork(model: vscode.Uri, run = ''): void {
    this.#wanted = run;
    this.#asked = run;
    this.#open(model);
  }

  #open(model: vscode.Uri | undefined): void {
    this.#takeModel(model ?? this.#model);
    if (this.#panel) {
      // A page that is hidden will be a new one, and says when it is ready.
      if (this.#panel.visible) void this.#tellAll();
      this.#panel.reveal();
      return;
    }
    this.#fill(vscode.window.createWebviewPanel(labViewType, vscode.l10n.t('Optimizer Lab'), vscode.ViewColumn.Active));
  }

  #fill(panel: vscode.WebviewPanel): void {
    const { extensionUri, log } = this.#options;
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'mlp-studio.svg');
    this.#view = connectWebview<HostToLab, LabToHost>(
      panel.webview,
      {
        ready: () => void this.#tellAll(),
        race: request => this.#trainer().race(request),
        surfaceGrid: request => this.#trainer().surfaceGrid(request),
        chooseModel: () => void this.#chooseModel(),
        explore: request => this.#explore(request),
        cancelExploration: () => this.#cancel(),
        gradientNoise: async request => this.#trainer().gradientNoise({ ...request, source: await this.#source() }),
      },
      labHostSchemas,
      log,
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#view = undefined;
      this.#pursuit?.dispose();
      this.#process?.dispose();
      this.#process = undefined;
    });
    fillWebview(panel.webview, extensionUri, { view: 'lab', title: vscode.l10n.t('Optimizer Lab') });
  }

  /** The process of the lab; a new one where the last has ended. */
  #trainer(): TrainingProcess['trainer'] {
    if (!this.#process) {
      const started = this.#options.startProcess({
        events: () => undefined,
        responsive: () => undefined,
        explored: event => this.#tellExplored(event),
      });
      this.#process = started;
      void started.ended.then(() => {
        if (this.#process !== started) return;
        this.#process = undefined;
        const message = vscode.l10n.t('The process of the lab stopped unexpectedly. Try again.');
        this.#pursuit?.dispose();
        this.#tellExplored({ kind: 'end', reason: 'failed', message });
      });
    }
    return this.#process.trainer;
  }

  /** Explores the loss around what the view has chosen, which must be something that it was offered. */
  async #explore(asked: ViewedExploration): Promise<void> {
    this.#pursuit?.dispose();
    this.#explored.clear();
    this.#exploring = true;
    try {
      await this.#beginExploring(asked);
    } catch (thrown) {
      this.#exploring = false;
      throw thrown;
    }
  }

  async #beginExploring({ origin, ...request }: ViewedExploration): Promise<void> {
    const { origins } = this.#options;
    const source = await this.#source();
    const model = this.#model;
    if (!model) return;
    if (origin === 'seed') return this.#trainer().explore({ ...request, source });
    if (origin === 'training' || origin === 'comparison') {
      const watched = origins.watched(model, origin);
      if (!watched) throw new EngineError('not-running', vscode.l10n.t('The training is over. Choose its run.'));
      const { directions, resolution } = request;
      const trainings = watched.trainings.map(({ title, optimizer }) => ({ title, optimizer }));
      const trainer = this.#trainer();
      const { text, fromSeed } = watched;
      await trainer.follow({ source: { ...source, text }, trainings, fromSeed, directions, resolution });
      this.#pursuit = pursue(watched, trainer);
      return;
    }
    const run = await origins.run(model, origin);
    if (!run) throw new EngineError('file-not-readable', vscode.l10n.t('The run is gone. Choose another.'));
    return this.#trainer().explore({ ...request, source, run });
  }

  async #cancel(): Promise<void> {
    this.#pursuit?.dispose();
    await this.#process?.trainer.cancelExploration().catch(() => undefined);
  }

  async #chooseModel(): Promise<void> {
    this.#takeModel((await this.#options.findModel()) ?? this.#model);
    await this.#tellAll();
  }

  /** What was explored of another model is over. */
  #takeModel(model: vscode.Uri | undefined): void {
    if (model?.toString() === this.#model?.toString()) return;
    this.#model = model;
    this.#exploring = false;
    this.#explored.clear();
    void this.#cancel();
  }

  /** Tells the view all there is to know; a page that was hidden, or reloaded, is a new one. */
  async #tellAll(): Promise<void> {
    await this.#tellModel();
    // Before the origins: a page that shows something does not begin to follow what trains.
    for (const kind of ['paths', 'grid', 'end'] as const) {
      const event = this.#explored.get(kind);
      if (event) void this.#view?.explored.asEvent(event);
    }
    await this.#tellOrigins();
    if (this.#wanted !== undefined) void this.#view?.showNetwork.asEvent(this.#wanted);
    this.#wanted = undefined;
  }

  #tellExplored(event: ExploreEvent): void {
    if (!this.#exploring) return;
    this.#exploring = event.kind !== 'end';
    this.#explored.set(event.kind, event);
    void this.#view?.explored.asEvent(event);
  }

  /** Tells the view which network it may explore, or why it cannot. */
  async #tellModel(): Promise<void> {
    if (!this.#model) {
      void this.#view?.model.asEvent(undefined);
      return;
    }
    try {
      const { model, firstError } = this.#options.models.of(await vscode.workspace.openTextDocument(this.#model));
      const name = modelTitle(this.#model);
      if (model && !firstError) {
        void this.#view?.model.asEvent({
          uri: this.#model.toString(),
          name,
          optimizer: model.optimizer,
          epochs: model.training.epochs,
        });
      } else void this.#view?.model.asEvent(undefined, `${name}: ${firstError?.message ?? ''}`);
    } catch (thrown) {
      void this.#view?.model.asEvent(undefined, EngineError.from(thrown).message);
    }
  }

  /** Tells the view what the loss of the model can be looked at around. */
  async #tellOrigins(): Promise<void> {
    if (!this.#model) return;
    const number = ++this.#questions;
    const { model } = this.#options.models.of(await vscode.workspace.openTextDocument(this.#model));
    const origins = model && (await this.#options.origins.of(this.#model, model, this.#asked));
    // An older answer that comes later is passed over.
    if (origins && number === this.#questions) void this.#view?.origins.asEvent(origins, this.#exploring);
  }

  /** The text of the model at hand. Throws `wrong-usage` when there is none that may be used. */
  async #source(): Promise<ModelSource> {
    if (!this.#model) throw new EngineError('wrong-usage', vscode.l10n.t('Choose a model first.'));
    if (!vscode.workspace.isTrusted)
      throw new EngineError(
        'wrong-usage',
        vscode.l10n.t('Training is off in Restricted Mode. Trust this workspace to explore a network.'),
      );
    if (this.#model.scheme !== 'file')
      throw new EngineError('wrong-usage', vscode.l10n.t('The model is not a file on disk. Save it in a folder.'));
    const document = await vscode.workspace.openTextDocument(this.#model);
    return { path: this.#model.fsPath, text: document.getText() };
  }
}
