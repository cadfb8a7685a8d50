import * as vscode from 'vscode';
import type { Channel } from '../../engine/protocol/channel.ts';
import {
  designerHostSchemas,
  type DesignerState,
  type DesignerToHost,
  type HostToDesigner,
} from '../../engine/protocol/views.ts';
import { applyModelEdit } from '../models/applyModelEdit.ts';
import type { ModelDocument, ModelDocuments } from '../models/modelDocuments.ts';
import { fileNameOf, openAsText, openInDesigner } from '../models/modelFiles.ts';
import type { Runs } from '../training/runs.ts';
import { connectWebview, fillWebview } from '../webviews/webviewPage.ts';

export interface DesignerEditorOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly models: ModelDocuments;
  readonly runs: Runs;
  readonly train: (uri: vscode.Uri) => void;
}

type DesignerView = Channel<HostToDesigner, DesignerToHost>;

/** The designer: a picture of the text of a model, and gestures that change this text. */
export class DesignerEditors implements vscode.CustomTextEditorProvider {
  readonly #options: DesignerEditorOptions;
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

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { extensionUri, log, models, runs, train } = this.#options;
    const { uri } = document;
    const readOnly = await isReadOnly(uri);
    const model = models.of(document);
    const show = () => void view.show.asEvent(stateOf(model, readOnly));
    const showRun = () => void view.runState.asEvent(runs.find(uri)?.state ?? 'idle');
    const view: DesignerView = connectWebview<HostToDesigner, DesignerToHost>(
      panel.webview,
      {
        ready: () => {
          this.#ready.set(view, uri);
          show();
          showRun();
          this.#revealWaiting(view, uri);
        },
        edit: edit => void applyModelEdit(document, edit),
        train: () => train(uri),
        stop: () => void runs.find(uri)?.stop(),
        openAsText: offset => void openAsText(uri, offset),
      },
      designerHostSchemas,
      log,
    );
    const subscriptions = vscode.Disposable.from(
      models.onDidChange(changed => {
        if (changed === model && this.#ready.has(view)) show();
      }),
      runs.onDidChange(run => {
        if (run.uri.toString() === uri.toString() && this.#ready.has(view)) showRun();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.#ready.has(view)) show();
      }),
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

function stateOf(
  { document, draft, lastDraft, issues, data, dataError }: ModelDocument,
  readOnly: boolean,
): DesignerState {
  return {
    fileName: fileNameOf(document.uri),
    model: draft ?? lastDraft,
    stale: !draft,
    issues,
    data,
    dataError,
    trusted: vscode.workspace.isTrusted,
    readOnly,
  };
}

async function isReadOnly(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri);
    return (permissions & vscode.FilePermission.Readonly) !== 0;
  } catch {
    // Not on disk yet: nothing forbids writing it.
    return false;
  }
}
