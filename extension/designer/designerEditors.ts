import * as vscode from 'vscode';
import type { WeightChange } from '../../engine/protocol/trainer.ts';
import {
  designerHostSchemas,
  type DesignerToHost,
  type HostToDesigner,
  type SampleOrigin,
} from '../../engine/protocol/views.ts';
import { applyModelEdit, editsApplied } from '../models/applyModelEdit.ts';
import type { Arrays } from '../models/arrays.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import { fileNameOf, openAsText, openInDesigner } from '../models/modelFiles.ts';
import type { Tables } from '../models/tables.ts';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';
import { Comparisons } from './comparisons.ts';
import { isReadOnly, stateOf, type DesignerView } from './designerState.ts';
import { followRun } from './runFollower.ts';

export interface DesignerEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly models: ModelDocuments;
  readonly tables: Tables;
  readonly arrays: Arrays;
  readonly runs: Runs;
  /** Goes on with the last training of a model. */
  readonly resumeRun: (run: Run) => void;
  /** Begins the training of a model anew, whether or not one runs. */
  readonly restart: (model: vscode.Uri) => void;
  /** Sets a weight of the training of a model, or of one that begins with it. */
  readonly setWeight: (model: vscode.Uri, change: WeightChange, from: SampleOrigin) => void;
}

/** The designer: a picture of the text of a model, and gestures that change this text. */
export class DesignerEditors implements vscode.CustomTextEditorProvider {
  readonly #options: DesignerEditorOptions;
  readonly #comparisons = new Comparisons();
  readonly #selected = new vscode.EventEmitter<{ readonly uri: vscode.Uri; readonly layerId: string }>();
  /** A layer has been selected, by its full name. */
  readonly onDidSelect = this.#selected.event;
  /** Designers that are ready, of every open model; several may show the same one. */
  readonly #ready = new Map<DesignerView, vscode.Uri>();
  /** A layer to reveal as soon as the designer of its model is ready. */
  #waiting: { readonly model: string; readonly layerId: string } | undefined;

  constructor(options: DesignerEditorOptions) {
    this.#options = options;
  }

  /** Opens the designer of a model and selects a layer. */
  async revealLayer(model: vscode.Uri, layerId: string): Promise<void> {
    this.#waiting = { model: model.toString(), layerId };
    await openInDesigner(model);
    for (const [view, uri] of this.#ready) this.#revealWaiting(view, uri);
  }

  /** Selects a layer where the designer of its model is shown already. */
  highlight(model: vscode.Uri, layerId: string): void {
    for (const [view, uri] of this.#ready) if (uri.toString() === model.toString()) void view.reveal.asEvent(layerId);
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { extensionUri, log, models, tables, arrays, runs, resumeRun, restart, setWeight } = this.#options;
    const { uri } = document;
    const readOnly = await isReadOnly(uri);
    const model = models.of(document);
    const side = { model, panel };
    const isShown = () => this.#ready.has(view);
    const show = () => {
      if (!isShown()) return;
      void view.show.asEvent(stateOf(model, readOnly, this.#comparisons.changesOf(side)));
      run.showFirst(model.diagnosis?.network);
    };
    const view: DesignerView = connectWebview<HostToDesigner, DesignerToHost>(
      panel.webview,
      {
        ready: () => {
          this.#ready.set(view, uri);
          run.show();
          show();
          this.#revealWaiting(view, uri);
        },
        edit: edit => void applyModelEdit(document, edit),
        run: command =>
          void editsApplied(document).then(() => vscode.commands.executeCommand(`mlpStudio.${command}`, uri)),
        resumeRun: () => {
          const last = runs.find(uri);
          if (last) resumeRun(last);
        },
        restart: () => restart(uri),
        setWeight: (change, from) => setWeight(uri, change, from),
        openAsText: offset => void openAsText(uri, offset),
        acknowledgeNetwork: () => run.acknowledge(),
        chooseData: kind => void (kind === 'csv' ? tables.choose(model) : arrays.choose(model, kind)),
        dropTable: address => void tables.takeAddress(model, address),
        dropTableText: (name, text) => void tables.takeText(model, name, text),
        selected: layerId => this.#selected.fire({ uri, layerId }),
      },
      designerHostSchemas,
      log,
    );
    const run = followRun(uri, runs, view, isShown);
    const subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => run.dispose()),
      this.#comparisons.add(side),
      this.#comparisons.onDidChange(show),
      models.onDidChange(changed => {
        if (changed === model || changed === this.#comparisons.counterpart(side)) show();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(show),
      panel.onDidChangeViewState(() => {
        // A hidden page is gone; shown again it is new and says when it is ready.
        if (!panel.visible) this.#ready.delete(view);
      }),
    );
    panel.onDidDispose(() => {
      this.#ready.delete(view);
      subscriptions.dispose();
    });
    fillWebview(panel.webview, extensionUri, { view: 'designer', title: fileNameOf(uri) });
  }

  #revealWaiting(view: DesignerView, uri: vscode.Uri): void {
    if (this.#waiting?.model !== uri.toString()) return;
    void view.reveal.asEvent(this.#waiting.layerId);
    this.#waiting = undefined;
  }
}
