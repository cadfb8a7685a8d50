import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { explainHostSchemas, type ExplainToHost, type HostToExplain } from '../../engine/protocol/views.ts';
import { fileNameOf, modelTitle } from '../models/modelFiles.ts';
import type { FileMoves } from '../models/fileMoves.ts';
import type { StoredRuns } from '../runs/storedRuns.ts';
import type { Runs } from '../training/runs.ts';
import type { ProcessStarter, TrainingProcess } from '../training/trainingProcess.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';

export interface ExplainPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: Runs;
  readonly stored: StoredRuns;
  readonly moves: FileMoves;
  readonly startProcess: ProcessStarter;
  readonly highlightLayer: (model: vscode.Uri, layerId: string) => void;
}

/** The panels of *Explain Step*, one a model. Each step is computed by a process of its own, when it is asked for. */
export class ExplainPanels implements vscode.Disposable {
  readonly #options: ExplainPanelOptions;
  /** The panels, and the model that each explains. */
  readonly #models = new Map<vscode.WebviewPanel, vscode.Uri>();
  readonly #subscription: vscode.Disposable;

  constructor(options: ExplainPanelOptions) {
    this.#options = options;
    this.#subscription = options.moves.onDidMove(moved => {
      for (const [panel, model] of this.#models) {
        const now = moved(model);
        if (!now) continue;
        this.#models.set(panel, now);
        this.#load(panel, now);
      }
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const panel of this.#models.keys()) panel.dispose();
  }

  /** The model of the panel that has the focus. */
  get activeModel(): vscode.Uri | undefined {
    for (const [panel, model] of this.#models) if (panel.active) return model;
    return undefined;
  }

  show(uri: vscode.Uri): void {
    if (!vscode.workspace.isTrusted || uri.scheme !== 'file') {
      void vscode.window.showErrorMessage(
        vscode.workspace.isTrusted
          ? vscode.l10n.t('{0} is not a file on disk. Save it in a folder to explain a step of it.', fileNameOf(uri))
          : vscode.l10n.t('Explaining a step reads data, which is off in Restricted Mode. Trust this workspace first.'),
      );
      return;
    }
    const known = [...this.#models].find(([, model]) => model.toString() === uri.toString());
    if (known) known[0].reveal();
    else this.#open(uri);
  }

  #open(model: vscode.Uri): void {
    const { extensionUri, log, highlightLayer } = this.#options;
    const panel = vscode.window.createWebviewPanel('mlpStudio.explain', titleOf(model), vscode.ViewColumn.Active);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'mlp-studio.svg');
    this.#models.set(panel, model);
    const modelNow = () => this.#models.get(panel) ?? model;
    let process: TrainingProcess | undefined;
    let sample: number | null = 0;
    const explain = async () => {
      process?.dispose();
      const uri = modelNow();
      const mine = (process = this.#options.startProcess({ events: () => undefined, responsive: () => undefined }));
      void view.show.asEvent(fileNameOf(uri), null);
      try {
        const text = (await vscode.workspace.openTextDocument(uri)).getText();
        const run = await this.#runOf(uri);
        const explanation = await mine.trainer.explainStep({
          source: { path: uri.fsPath, text },
          ...(run !== undefined && { run }),
          ...(sample !== null && { sample }),
        });
        if (process === mine) void view.show.asEvent(fileNameOf(uri), explanation);
      } catch (thrown) {
        if (process === mine) void view.failed.asEvent(EngineError.from(thrown).line);
      } finally {
        mine.dispose();
      }
    };
    const view = connectWebview<HostToExplain, ExplainToHost>(
      panel.webview,
      {
        ready: () => void explain(),
        choose: chosen => {
          sample = chosen;
          void explain();
        },
        highlight: layerId => highlightLayer(modelNow(), layerId),
      },
      explainHostSchemas,
      log,
    );
    panel.onDidDispose(() => {
      process?.dispose();
      this.#models.delete(panel);
    });
    this.#load(panel, model);
  }

  #load(panel: vscode.WebviewPanel, model: vscode.Uri): void {
    const title = titleOf(model);
    panel.title = title;
    fillWebview(panel.webview, this.#options.extensionUri, { view: 'explain', title, model: model.toString() });
  }

  /** The folder of the model's last training: the one of this window, else the newest on disk. */
  async #runOf(uri: vscode.Uri): Promise<string | undefined> {
    const { runs, stored } = this.#options;
    return runs.find(uri)?.folder ?? (await stored.latestOf(uri))?.folder.fsPath;
  }
}

const titleOf = (model: vscode.Uri): string => vscode.l10n.t('Explain {0}', modelTitle(model));
