import path from 'node:path';
import * as vscode from 'vscode';

/** What the designer opens. */
export const modelPattern = '**/*.mlp.json';
export const designerViewType = 'mlpStudio.designer';

export const isModelFile = (uri: vscode.Uri): boolean => uri.path.endsWith('.mlp.json');

/** `iris.mlp.json` */
export const fileNameOf = (uri: vscode.Uri): string => path.posix.basename(uri.path);

/** `iris`, as panels are titled. */
export const modelTitle = (uri: vscode.Uri): string => fileNameOf(uri).replace(/\.mlp\.json$/, '');

/** Opens the text of a model, with the place at `offset` selected. */
export async function openAsText(uri: vscode.Uri, offset?: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (offset === undefined) {
    await vscode.window.showTextDocument(document);
    return;
  }
  const place = document.positionAt(offset);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
}

export const openInDesigner = (uri: vscode.Uri): Thenable<unknown> =>
  vscode.commands.executeCommand('vscode.openWith', uri, designerViewType);
