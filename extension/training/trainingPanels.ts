import * as vscode from 'vscode';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { trainingHostSchemas, type HostToTraining, type TrainingToHost } from '../../engine/protocol/views.ts';
import type { TabPlace } from '../devices/devicePanel.ts';
import { modelTitle } from '../models/modelFiles.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';
import type { FileMoves } from '../models/fileMoves.ts';
import { showLatestOf } from '../runs/newestRun.ts';
import type { Overlays } from '../runs/overlays.ts';
import type { StoredRuns } from '../runs/storedRuns.ts';
import { PageFlow } from '../webviews/pageFlow.ts';
import { thinnedEvents } from './eventHistory.ts';
import type { Run } from './run.ts';
import { RunAlarms } from './runAlarms.ts';
import { savePicture } from './savePicture.ts';
import type { Runs } from './runs.ts';

export const trainingViewType = 'mlpStudio.training';

/** Metrics that wait for a page at most. */
const maximumWaiting = 5000;

export interface TrainingPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: Runs;
  readonly stored: StoredRuns;
  readonly moves: FileMoves;
  readonly overlays: Overlays;
  readonly train: (uri: vscode.Uri) => void;
  readonly resumeRun: (run: Run) => void;
  readonly setLearningRate: (uri: vscode.Uri, value: number) => void;
}

/** The training panels, one a model. They draw what the run's history holds and follow it live. */
export class TrainingPanels implements vscode.Disposable {
  readonly #options: TrainingPanelOptions;
  readonly #panels = new Map<Run, vscode.WebviewPanel>();
  readonly #subscriptions: vscode.Disposable;

  constructor(options: TrainingPanelOptions) {
    this.#options = options;
    this.#subscriptions = vscode.Disposable.from(
      options.runs.onDidMove(run => {
        const panel = this.#panels.get(run);
        if (panel) this.#load(panel, run);
      }),
      vscode.window.registerWebviewPanelSerializer(trainingViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => {
          const model = modelOfState(state);
          if (!model) {
            panel.dispose();
            return;
          }
          const run = options.runs.of(await options.moves.find(model));
          this.#fill(panel, run);
          await showLatestOf(run, options.stored);
        },
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  /** The model of the panel that has the focus. */
  get activeModel(): vscode.Uri | undefined {
    for (const [run, panel] of this.#panels) if (panel.active) return run.uri;
    return undefined;
  }

  /** Where training panels are, beside the model where there is none, and how the one that is seen there is shown again. */
  get place(): TabPlace {
    const { latest } = this.#options.runs;
    const panel = latest && this.#panels.get(latest);
    const seen = panel?.visible ? panel : undefined;
    return { column: panel?.viewColumn ?? vscode.ViewColumn.Beside, uncover: () => seen?.reveal(undefined, true) };
  }

  /** Shows the panel of a run beside its model, without taking the focus. */
  show(run: Run): void {
    const known = this.#panels.get(run);
    if (known) {
      known.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(trainingViewType, titleOf(run), {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
    });
    this.#fill(panel, run);
  }

  #fill(panel: vscode.WebviewPanel, run: Run): void {
    const { extensionUri, log, overlays, train, resumeRun, setLearningRate } = this.#options;
    this.#panels.set(run, panel);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'mlp-studio.svg');
    let ready = false;
    const state = () => ({ runState: run.state, resumable: run.isResumable, modelChanged: run.modelChanged });
    const reset = () => {
      if (!ready) return;
      flow.restart();
      void view.reset.asEvent(modelTitle(run.uri), [...run.events], state());
      if (run.latestPredictions) void view.predictions.asEvent(run.latestPredictions);
      void overlay();
      void alarms.show();
    };
    const overlay = async () => {
      if (ready) void view.overlays.asEvent(await overlays.of(run.uri, run.folder));
    };
    const view: Channel<HostToTraining, TrainingToHost> = connectWebview<HostToTraining, TrainingToHost>(
      panel.webview,
      {
        ready: () => {
          ready = true;
          reset();
        },
        train: () => train(run.uri),
        pause: () => void run.pause(),
        resume: () => void run.resume(),
        step: () => void run.step(),
        stop: () => void run.stop(),
        resumeRun: () => resumeRun(run),
        acknowledgePredictions: () => {
          if (panel.visible) run.acknowledgePredictions();
        },
        savePicture: (name, dataUrl) => void savePicture(run.uri, name, dataUrl),
        setLearningRate: value => setLearningRate(run.uri, value),
        applyRemedy: index => alarms.apply(index),
      },
      trainingHostSchemas,
      log,
    );
    const flow = new PageFlow<TrainingEvent>({
      send: events => view.append([...events]),
      shorten: events => thinnedEvents(events, maximumWaiting),
    });
    const alarms = new RunAlarms(run, titles => {
      if (ready) void view.remedies.asEvent(titles);
    });
    const subscriptions = vscode.Disposable.from(
      alarms,
      flow,
      run.onDidBegin(reset),
      run.onDidReceive(events => {
        if (ready) flow.add(events);
      }),
      run.onDidChangeState(() => {
        if (!ready) return;
        flow.flush();
        void view.state.asEvent(state());
      }),
      run.onDidPredict(predictions => {
        if (ready) void view.predictions.asEvent(predictions);
      }),
      overlays.onDidChange(() => void overlay()),
      panel.onDidChangeViewState(() => {
        // A hidden page is gone; shown again it is new and says when it is ready.
        if (panel.visible) return;
        ready = false;
        flow.restart();
      }),
    );
    panel.onDidDispose(() => {
      subscriptions.dispose();
      if (this.#panels.get(run) === panel) this.#panels.delete(run);
    });
    this.#load(panel, run);
  }

  /** Loads the page, which keeps the name of its model over a reload of the window. */
  #load(panel: vscode.WebviewPanel, run: Run): void {
    const [title, model] = [titleOf(run), run.uri.toString()];
    panel.title = title;
    fillWebview(panel.webview, this.#options.extensionUri, { view: 'training', title, model });
  }
}

const titleOf = (run: Run): string => vscode.l10n.t('Training {0}', modelTitle(run.uri));

/** The model a page has kept over a reload of the window. */
export function modelOfState(state: unknown): vscode.Uri | undefined {
  if (typeof state !== 'object' || state === null || !('model' in state)) return undefined;
  return typeof state.model === 'string' && state.model !== '' ? vscode.Uri.parse(state.model) : undefined;
}
