import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { ModelSource } from '../../engine/protocol/trainer.ts';
import { labHostSchemas, type HostToLab, type LabToHost } from '../../engine/protocol/views.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import { onDidMoveFiles } from '../models/renames.ts';
import { modelTitle } from '../models/modelFiles.ts';
import type { ProcessStarter, TrainingProcess } from '../training/trainingProcess.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';

const labViewType = 'mlpStudio.lab';

export interface LabPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly models: ModelDocuments;
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

  constructor(options: LabPanelOptions) {
    this.#options = options;
    this.#subscriptions = vscode.Disposable.from(
      onDidMoveFiles(moved => {
        const now = this.#model && moved(this.#model);
        if (!now) return;
        this.#model = now;
        void this.#tellModel();
      }),
      vscode.window.registerWebviewPanelSerializer(labViewType, {
        deserializeWebviewPanel: panel => {
          this.#fill(panel);
          return Promise.resolve();
        },
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#panel?.dispose();
  }

  /** Opens the lab, or brings it to the front. `model` is the network that it may explore. */
  show(model: vscode.Uri | undefined): void {
    this.#model = model ?? this.#model;
    if (this.#panel) {
      this.#panel.reveal();
      void this.#tellModel();
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
        ready: () => {
          // A page that was hidden is a new one: nobody waits any longer for what the last one asked.
          this.#process?.trainer.cancelExploration().catch(() => undefined);
          void this.#tellModel();
        },
        race: request => this.#trainer().race(request),
        surfaceGrid: request => this.#trainer().surfaceGrid(request),
        chooseModel: () => void this.#chooseModel(),
        explore: async request => this.#trainer().explore({ ...request, source: await this.#source() }),
        cancelExploration: () => this.#trainer().cancelExploration(),
        gradientNoise: async request => this.#trainer().gradientNoise({ ...request, source: await this.#source() }),
      },
      labHostSchemas,
      log,
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#view = undefined;
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
        explored: event => void this.#view?.explored.asEvent(event),
      });
      this.#process = started;
      void started.ended.then(() => {
        if (this.#process !== started) return;
        this.#process = undefined;
        const message = vscode.l10n.t('The process of the lab stopped unexpectedly. Try again.');
        void this.#view?.explored.asEvent({ kind: 'end', reason: 'failed', message });
      });
    }
    return this.#process.trainer;
  }

  async #chooseModel(): Promise<void> {
    this.#model = (await this.#options.findModel()) ?? this.#model;
    await this.#tellModel();
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
      if (model && !firstError)
        void this.#view?.model.asEvent({ name, optimizer: model.optimizer, epochs: model.training.epochs });
      else void this.#view?.model.asEvent(undefined, `${name}: ${firstError?.message ?? ''}`);
    } catch (thrown) {
      void this.#view?.model.asEvent(undefined, EngineError.from(thrown).message);
    }
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
