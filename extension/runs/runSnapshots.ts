import * as vscode from 'vscode';
import { runRecordSchema, type RunRecord } from '../../engine/protocol/runRecord.ts';

const scheme = 'mlp-studio-run';

/**
 * The model of a run as text to compare. It does not end in `.mlp.json`, so that it opens as text; `now` names the file of
 * the model itself.
 */
export const runSnapshotUri = (place: vscode.Uri, { name }: RunRecord, version: 'then' | 'now' = 'then'): vscode.Uri =>
  vscode.Uri.from({ scheme, path: `/${name}.json`, query: JSON.stringify({ path: place.fsPath, version }) });

/** Serves the texts behind `runSnapshotUri`. */
export const registerRunSnapshots = (): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ query }) => {
      const { path, version } = JSON.parse(query) as { readonly path: string; readonly version: string };
      const file = vscode.Uri.file(path);
      if (version === 'now') return (await vscode.workspace.openTextDocument(file)).getText();
      const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(file, 'run.json'));
      return runRecordSchema.parse(JSON.parse(new TextDecoder().decode(text))).model;
    },
  });
