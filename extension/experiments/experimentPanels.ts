import path from 'node:path';
import * as vscode from 'vscode';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { ExperimentKind } from '../../engine/protocol/experiment.ts';
import {
  experimentHostSchemas,
  type CellUpdate,
  type ExperimentToHost,
  type HostToExperiment,
} from '../../engine/protocol/experimentViews.ts';
import { withPoints } from '../../engine/protocol/runTally.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import type { FileMoves } from '../models/fileMoves.ts';
import { modelTitle } from '../models/modelFiles.ts';
import type { WatchedTrainings } from '../training/watchedTraining.ts';
import { modelOfState } from '../training/trainingPanels.ts';
import type { ProcessStarter } from '../training/trainingProcess.ts';
import { PageFlow } from '../webviews/pageFlow.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';
import { Laboratory } from './laboratory.ts';
import type { StoredExperiment, StoredExperiments } from './storedExperiments.ts';

export interface ExperimentPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly models: ModelDocuments;
  readonly startProcess: ProcessStarter;
  readonly stored: StoredExperiments;
  readonly moves: FileMoves;
}

const kinds: Readonly<
  Record<ExperimentKind, { readonly viewType: string; readonly title: (model: string) => string }>
> = {
  comparison: { viewType: 'mlpStudio.comparison', title: model => vscode.l10n.t('Compare {0}', model) },
  sweep: { viewType: 'mlpStudio.sweep', title: model => vscode.l10n.t('Sweep {0}', model) },
};

/** The panels of comparisons and sweeps: at most one of a kind for each model. An experiment goes on when its panel is closed. */
export class ExperimentPanels implements vscode.Disposable {
  readonly #options: ExperimentPanelOptions;
  readonly #laboratories = new Map<string, Laboratory>();
  readonly #panels = new Map<Laboratory, vscode.WebviewPanel>();
  readonly #subscriptions: vscode.Disposable;
  readonly #changed = new vscode.EventEmitter<undefined>();

  /** An experiment has begun or ended. */
  readonly onDidChange = this.#changed.event;

  constructor(options: ExperimentPanelOptions) {
    this.#options = options;
    this.#subscriptions = vscode.Disposable.from(
      options.moves.onDidMove(moved => {
        for (const laboratory of [...this.#laboratories.values()]) {
          const now = moved(laboratory.uri);
          if (now) this.#move(laboratory, now);
        }
      }),
      options.stored.onDidChange(() => {
        for (const laboratory of this.#laboratories.values()) void laboratory.readAgain();
      }),
      ...(['comparison', 'sweep'] as const).map(kind =>
        vscode.window.registerWebviewPanelSerializer(kinds[kind].viewType, {
          deserializeWebviewPanel: async (panel, state: unknown) => {
            const model = modelOfState(state);
            if (model) this.#fill(panel, this.#of(await options.moves.find(model), kind));
            else panel.dispose();
          },
        }),
      ),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
    for (const laboratory of this.#laboratories.values()) laboratory.dispose();
    this.#changed.dispose();
  }

  /** The model of the panel that has the focus. */
  get activeModel(): vscode.Uri | undefined {
    for (const [{ uri }, panel] of this.#panels) if (panel.active) return uri;
    return undefined;
  }

  /** The comparison of a model that runs now, for whoever draws its ways. */
  watched(uri: vscode.Uri): WatchedTrainings | undefined {
    return this.#laboratories.get(keyOf(uri, 'comparison'))?.experiment.watched;
  }

  /** Shows the comparison or the sweep of a model beside it. */
  show(uri: vscode.Uri, kind: ExperimentKind): void {
    const laboratory = this.#of(uri, kind);
    const known = this.#panels.get(laboratory);
    if (known) {
      known.reveal();
      return;
    }
    const { viewType, title } = kinds[kind];
    const column = vscode.ViewColumn.Active;
    this.#fill(vscode.window.createWebviewPanel(viewType, title(modelTitle(uri)), column), laboratory);
  }

  /** Shows a kept experiment and does the runs that are missing. */
  async resume(experiment: StoredExperiment): Promise<void> {
    const laboratory = await this.open(experiment);
    if (laboratory?.experiment.folder === experiment.folder.fsPath) await laboratory.resume();
  }

  /** Shows a kept experiment in the panel of its model. */
  async open({ folder, record, modelPath }: StoredExperiment): Promise<Laboratory | undefined> {
    const uri = vscode.Uri.file(modelPath);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      const gone = vscode.l10n.t('{0} is gone. Bring the file back to see its results in a panel.', modelPath);
      void vscode.window.showErrorMessage(gone);
      return undefined;
    }
    this.show(uri, record.kind);
    const laboratory = this.#of(uri, record.kind);
    await laboratory.prepare();
    await laboratory.open(folder.fsPath);
    return laboratory;
  }

  #of(uri: vscode.Uri, kind: ExperimentKind): Laboratory {
    const key = keyOf(uri, kind);
    const { models, startProcess } = this.#options;
    const known = this.#laboratories.get(key);
    if (known) return known;
    const laboratory = new Laboratory(uri, kind, models, startProcess);
    this.#laboratories.set(key, laboratory);
    let phase = laboratory.experiment.phase;
    laboratory.experiment.onDidChangePhase(() => {
      if (laboratory.experiment.phase === phase) return;
      phase = laboratory.experiment.phase;
      this.#changed.fire(undefined);
    });
    return laboratory;
  }

  #move(laboratory: Laboratory, uri: vscode.Uri): void {
    this.#laboratories.delete(keyOf(laboratory.uri, laboratory.kind));
    this.#laboratories.set(keyOf(uri, laboratory.kind), laboratory);
    void laboratory.follow(uri);
    const panel = this.#panels.get(laboratory);
    if (panel) this.#load(panel, laboratory);
  }

  /** Loads the page, which keeps the name of its model over a reload of the window. */
  #load(panel: vscode.WebviewPanel, { kind, uri }: Laboratory): void {
    const title = kinds[kind].title(modelTitle(uri));
    panel.title = title;
    fillWebview(panel.webview, this.#options.extensionUri, { view: kind, title, model: uri.toString() });
  }

  #fill(panel: vscode.WebviewPanel, laboratory: Laboratory): void {
    const { extensionUri, log } = this.#options;
    const { experiment } = laboratory;
    this.#panels.set(laboratory, panel);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'mlp-studio.svg');
    let ready = false;
    const showSetup = () => {
      if (ready) void view.setup.asEvent(laboratory.setup);
    };
    const showPhase = () => {
      if (!ready) return;
      if (experiment.phase === 'idle') flow.flush();
      void view.standing.asEvent(experiment.progress);
    };
    const reset = () => {
      flow.restart();
      if (ready) void view.reset.asEvent(experiment.record ?? null, experiment.cells);
    };
    const view: Channel<HostToExperiment, ExperimentToHost> = connectWebview<HostToExperiment, ExperimentToHost>(
      panel.webview,
      {
        ready: () =>
          void laboratory.prepare().then(() => {
            ready = true;
            showSetup();
            reset();
            showPhase();
          }),
        changeSetup: setup => laboratory.changeSetup(setup),
        run: () => void laboratory.run(),
        resume: () => void laboratory.resume(),
        tune: () => void laboratory.tune(),
        stop: () => experiment.stop(),
        useVariant: variant => void laboratory.useVariant(variant),
        openSaved: () => void pickSaved(laboratory),
      },
      experimentHostSchemas,
      log,
    );
    const flow = new PageFlow<CellUpdate>({ send: cells => view.progress([...cells]), shorten: merged });
    const subscriptions = vscode.Disposable.from(
      flow,
      laboratory.onDidChangeSetup(showSetup),
      experiment.onDidReset(reset),
      experiment.onDidChangePhase(showPhase),
      experiment.onDidProgress(cells => {
        if (ready) flow.add(cells);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is gone; shown again it is new and says when it is ready.
        if (panel.visible) return;
        ready = false;
        flow.restart();
      }),
    );
    panel.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#panels.get(laboratory) === panel) this.#panels.delete(laboratory);
    });
    this.#load(panel, laboratory);
  }
}

const keyOf = (uri: vscode.Uri, kind: ExperimentKind): string => `${kind} ${uri.toString()}`;

/** One update of each run, with all its points. */
const merged = (updates: readonly CellUpdate[]): CellUpdate[] =>
  [...Map.groupBy(updates, ({ cell }) => cell)].map(([cell, own]) => ({
    cell,
    points: own.map(({ points }) => points).reduce(withPoints),
    result: own.at(-1)?.result,
  }));

/** Lets the user choose among the kept experiments of a model. */
async function pickSaved(laboratory: Laboratory): Promise<void> {
  const saved = await laboratory.saved();
  if (saved.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing has been kept yet.'));
    return;
  }
  const items = saved.map(({ folder, record: { variants, seeds, started, status } }) => ({
    label: new Date(started).toLocaleString(),
    description: vscode.l10n.t('{0} × {1} seeds, {2}', variants.length, seeds.length, status),
    detail: path.basename(folder),
    folder,
  }));
  const placeHolder = vscode.l10n.t('Which results?');
  const picked = await vscode.window.showQuickPick(items, { placeHolder });
  if (picked) await laboratory.open(picked.folder);
}
