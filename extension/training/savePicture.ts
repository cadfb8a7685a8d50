import * as vscode from 'vscode';
import { modelTitle } from '../models/modelFiles.ts';

/** Asks where to, and writes a picture that a view has drawn. */
export async function savePicture(model: vscode.Uri, name: string, dataUrl: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(model, '..', `${modelTitle(model)}-${name}.png`),
    filters: { PNG: ['png'] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
}
