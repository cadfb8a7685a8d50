import * as vscode from 'vscode';
import { textEdits, type ModelEdit } from '../../engine/model/edits.ts';

/** The change of the text that makes `edit`; undefined when nothing would change. */
export function workspaceEditOf(document: vscode.TextDocument, edit: ModelEdit): vscode.WorkspaceEdit | undefined {
  const edits = textEdits(document.getText(), edit);
  if (edits.length === 0) return undefined;
  const result = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of edits) {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    result.replace(document.uri, range, content);
  }
  return result;
}

const queues = new WeakMap<vscode.TextDocument, Promise<void>>();

/**
 * Makes one gesture one undo step. Gestures on a document wait for each other, so that none is
 * computed from a text that an earlier one is about to change.
 */
export function applyModelEdit(document: vscode.TextDocument, edit: ModelEdit): Promise<void> {
  const applied = (queues.get(document) ?? Promise.resolve()).then(async () => {
    const change = workspaceEditOf(document, edit);
    if (!change || (await vscode.workspace.applyEdit(change))) return;
    void vscode.window.showErrorMessage(
      vscode.l10n.t('{0} could not be changed. Check that the file is not read-only.', document.fileName),
    );
  });
  queues.set(
    document,
    applied.catch(() => undefined),
  );
  return applied;
}
