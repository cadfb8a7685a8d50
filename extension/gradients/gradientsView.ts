import * as vscode from 'vscode';
import type { Channel } from '../../engine/protocol/channel.ts';
import { gradientsHostSchemas, type GradientsToHost, type HostToGradients } from '../../engine/protocol/views.ts';
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
  readonly revealLayer: (model: vscode.Uri, layerId: string) => void;
}

/**
 * The *Gradients* side view. The process computes a sample only when the last one has been drawn
 * and acknowledged; so a hidden view costs nothing.
 */
export class GradientsView implements vscode.WebviewViewProvider {
  readonly #options: GradientsViewOptions;
  #view: Channel<HostToGradients, GradientsToHost> | undefined;
  /** The run that is drawn: the one that began last. */
  #run: Run | undefined;

  constructor(options: GradientsViewOptions) {
    this.#options = options;
    options.runs.onDidCreate(run => {
      run.onDidBegin(() => this.#follow(run));
      run.onDidSampleGradients(sample => {
        if (run === this.#run) void this.#view?.sample.asEvent(sample);
      });
    });
  }

  resolveWebviewView(webviewView: vscode.WebviewView): void {
    const { extensionUri, log, train, revealLayer } = this.#options;
    const { webview } = webviewView;
    const view = connectWebview<HostToGradients, GradientsToHost>(
      webview,
      {
        ready: () => {
          this.#view = view;
          this.#follow(this.#run);
        },
        acknowledge: () => {
          if (webviewView.visible) this.#run?.acknowledgeGradients();
        },
        train,
        revealLayer: layerId => {
          if (this.#run) revealLayer(this.#run.uri, layerId);
        },
      },
      gradientsHostSchemas,
      log,
    );
    webviewView.onDidChangeVisibility(() => {
      // A hidden page is gone; shown again it is new and says when it is ready.
      if (!webviewView.visible) this.#view = undefined;
    });
    webviewView.onDidDispose(() => {
      this.#view = undefined;
    });
    fillWebview(webview, extensionUri, { view: 'gradients', title: vscode.l10n.t('Gradients') });
  }

  /** Draws a run from now on, beginning with its latest sample. */
  #follow(run: Run | undefined): void {
    this.#run = run;
    if (!this.#view) return;
    void this.#view.reset.asEvent(run ? modelTitle(run.uri) : '');
    if (run?.latestGradients) void this.#view.sample.asEvent(run.latestGradients);
    else run?.acknowledgeGradients();
  }
}
