import * as vscode from 'vscode';
import type { Remedy } from '../../engine/model/issues.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import { networkVerdict } from '../../engine/protocol/verdicts.ts';
import {
  gradientsHostSchemas,
  type GradientsToHost,
  type HostToGradients,
  type ShownVerdict,
} from '../../engine/protocol/views.ts';
import { applyRemedy, lastAlarm, remediesOf } from '../diagnosis/remedies.ts';
import { modelTitle } from '../models/modelFiles.ts';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';

export const gradientsViewId = 'mlpStudio.gradients';

export interface GradientsViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly runs: Runs;
  readonly train: () => void;
  /** Has the newest run on disk shown. */
  readonly showNewest: () => void;
  readonly revealLayer: (model: vscode.Uri, layerId: string) => void;
  /** Selects a layer where its designer is shown already. */
  readonly highlightLayer: (model: vscode.Uri, layerId: string) => void;
  readonly explainStep: (model: vscode.Uri) => void;
}

const alarmTitles: Readonly<Record<string, string>> = {
  'not-finite': vscode.l10n.t('Numbers that are not finite'),
  overfitting: vscode.l10n.t('Overfitting'),
  plateau: vscode.l10n.t('Plateau'),
};

/**
 * The *Gradients* side view. The process computes a sample only when the last one has been drawn
 * and acknowledged; so a hidden view costs nothing.
 */
export class GradientsView implements vscode.WebviewViewProvider {
  readonly #options: GradientsViewOptions;
  #view: Channel<HostToGradients, GradientsToHost> | undefined;
  /** The run that is drawn: the one that began last. */
  #run: Run | undefined;
  #remedies: readonly Remedy[] = [];
  /** The verdict that is shown, to tell it only when it changes. */
  #shown = '';

  constructor(options: GradientsViewOptions) {
    this.#options = options;
    options.runs.onDidCreate(run => {
      run.onDidBegin(() => this.#follow(run));
      run.onDidSampleGradients(sample => {
        if (run !== this.#run || !this.#view) return;
        void this.#view.sample.asEvent(sample);
        void this.#judge();
      });
      run.onDidReceive(events => {
        if (run === this.#run && lastAlarm(events)) void this.#judge();
      });
      run.onDidChangeState(() => {
        if (run !== this.#run || !this.#view) return;
        if (!run.isBusy && run.gradients.length === 0) this.#follow(run);
        else void this.#judge();
      });
    });
  }

  /** Follows the designer: selects the layer that is selected there. */
  select(model: vscode.Uri, layerId: string): void {
    if (this.#run?.uri.toString() === model.toString()) void this.#view?.select.asEvent(layerId);
  }

  resolveWebviewView(webviewView: vscode.WebviewView): void {
    const { extensionUri, log, train, showNewest, revealLayer, highlightLayer, explainStep } = this.#options;
    const { webview } = webviewView;
    const view = connectWebview<HostToGradients, GradientsToHost>(
      webview,
      {
        ready: () => {
          this.#view = view;
          this.#follow(this.#run);
          // After a reload of the window nothing has run yet.
          if (!this.#run) showNewest();
        },
        acknowledge: () => {
          if (webviewView.visible) this.#run?.acknowledgeGradients();
        },
        train,
        watchLayer: layerId => {
          this.#run?.watchLayer(layerId);
          if (this.#run && layerId !== '') highlightLayer(this.#run.uri, layerId);
        },
        revealLayer: layerId => {
          if (this.#run) revealLayer(this.#run.uri, layerId);
        },
        explainStep: () => {
          if (this.#run) explainStep(this.#run.uri);
        },
        applyRemedy: index => {
          const remedy = this.#remedies[index];
          if (remedy && this.#run) void applyRemedy(this.#run.uri, remedy).then(() => this.#judge({ anew: true }));
        },
      },
      gradientsHostSchemas,
      log,
    );
    webviewView.onDidChangeVisibility(() => {
      // A hidden page is gone; shown again it is new and says when it is ready.
      if (!webviewView.visible) this.#hide();
    });
    webviewView.onDidDispose(() => this.#hide());
    fillWebview(webview, extensionUri, { view: 'gradients', title: vscode.l10n.t('Gradients') });
  }

  #hide(): void {
    this.#view = undefined;
    this.#run?.watchLayer('');
  }

  /** Draws a run from now on, beginning with what it has sampled. */
  #follow(run: Run | undefined): void {
    this.#run = run;
    if (!this.#view) return;
    void this.#view.reset.asEvent(run ? modelTitle(run.uri) : '', [...(run?.gradients ?? [])], run?.isBusy ?? false);
    run?.acknowledgeGradients();
    void this.#judge({ anew: true });
  }

  /** Says what is wrong with the network, and what would help the model as it is now. */
  async #judge({ anew = false } = {}): Promise<void> {
    const run = this.#run;
    if (!run) return;
    // A run that was over before it could be looked at three times is judged by what was seen.
    const verdict = networkVerdict(run.gradients, run.isBusy ? {} : { fewest: 1 }) ?? alarmOf(run);
    const key = verdict ? `${verdict.code} ${verdict.message}` : '';
    if (key === this.#shown && !anew) return;
    this.#shown = key;
    this.#remedies = verdict ? await remediesOf(run.uri, verdict.code) : [];
    const shown: ShownVerdict | null = verdict
      ? {
          title: verdict.title,
          message: verdict.message,
          layerId: verdict.layerId,
          remedies: this.#remedies.map(({ title }) => title),
        }
      : null;
    if (run === this.#run) void this.#view?.verdict.asEvent(shown);
  }
}

/** Alarms that no sample of gradients shows. */
function alarmOf({ events }: Run) {
  const alarm = lastAlarm(events);
  const title = alarm && alarmTitles[alarm.code];
  return alarm && title !== undefined ? { ...alarm, title, layerId: '' } : undefined;
}
