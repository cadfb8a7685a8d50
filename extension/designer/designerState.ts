import * as vscode from 'vscode';
import type { ModelChanges } from '../../engine/model/modelChanges.ts';
import type { Channel } from '../../engine/protocol/channel.ts';
import type { DesignerState, DesignerToHost, HostToDesigner } from '../../engine/protocol/views.ts';
import type { ModelDocument } from '../models/modelDocuments.ts';
import { fileNameOf } from '../models/modelFiles.ts';

export type DesignerView = Channel<HostToDesigner, DesignerToHost>;

/** What a designer draws of a document. */
export const stateOf = (
  { document, draft, lastDraft, issues, data, dataError, diagnosis }: ModelDocument,
  readOnly: boolean,
  changes: ModelChanges | undefined,
): DesignerState => ({
  fileName: fileNameOf(document.uri),
  model: draft ?? lastDraft,
  stale: !draft,
  issues,
  data,
  dataError,
  trusted: vscode.workspace.isTrusted,
  readOnly,
  stability: diagnosis?.stability,
  changes,
});

export async function isReadOnly(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  try {
    const { permissions = 0 } = await vscode.workspace.fs.stat(uri);
    return (permissions & vscode.FilePermission.Readonly) !== 0;
  } catch {
    // Not on disk yet: nothing forbids writing it.
    return false;
  }
}
