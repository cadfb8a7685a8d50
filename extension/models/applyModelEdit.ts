import * as vscode from 'vscode';
import { textEdits, type ModelEdit } from '../../engine/model/edits.ts';
import { textWith, type Setting } from '../../engine/model/experiments/variant.ts';

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

/**
 * The one replacement that turns the text of a document into `changed`: what is alike at both ends stays.
 * Undefined when nothing would change.
 */
function replacementOf(document: vscode.TextDocument, changed: string): vscode.WorkspaceEdit | undefined {
  const text = document.getText();
  if (text === changed) return undefined;
  const shorter = Math.min(text.length, changed.length);
  let start = 0;
  while (start < shorter && text[start] === changed[start]) start++;
  let end = 0;
  while (end < shorter - start && text.at(-1 - end) === changed.at(-1 - end)) end++;
  const result = new vscode.WorkspaceEdit();
  result.replace(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(text.length - end)),
    changed.slice(start, changed.length - end),
  );
  return result;
}

const queues = new WeakMap<vscode.TextDocument, Promise<void>>();

/**
 * Makes one gesture one undo step. Gestures on a document wait for each other, so that none is
 * computed from a text that an earlier one is about to change.
 */
export const applyModelEdit = (document: vscode.TextDocument, edit: ModelEdit): Promise<void> =>
  apply(document, () => workspaceEditOf(document, edit));

/** Settles when all gestures on a document so far are in its text: what reads it right after a gesture waits for that. */
export const editsApplied = (document: vscode.TextDocument): Promise<void> => queues.get(document) ?? Promise.resolve();

/** Sets several fields in one undo step. */
export const applySettings = (document: vscode.TextDocument, settings: readonly Setting[]): Promise<void> =>
  apply(document, () => replacementOf(document, textWith(document.getText(), settings)));

function apply(document: vscode.TextDocument, changeNow: () => vscode.WorkspaceEdit | undefined): Promise<void> {
  const applied = (queues.get(document) ?? Promise.resolve()).then(async () => {
    const change = changeNow();
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
