import path from 'node:path';
import * as vscode from 'vscode';

/** A file of the folder that is open. */
export function fileInWorkspace(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Writes a file byte by byte and opens it. */
export async function writeAndOpen(name: string, content: string): Promise<vscode.TextDocument> {
  const uri = fileInWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return vscode.workspace.openTextDocument(uri);
}

export async function bytesOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
}

/** Waits until `holds` answers something; fails when it never does. */
export async function until<T>(what: string, holds: () => T | undefined | false): Promise<T> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const value = holds();
    if (value !== undefined && value !== false) return value;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`Waited in vain until ${what}.`);
}

/** The diagnostics that this extension gives for a file. */
export const ownDiagnostics = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'MLP Studio');

export const model = (change: object = {}): string =>
  JSON.stringify(
    {
      version: 1,
      name: 'Test',
      data: { source: { kind: 'generator', name: 'xor', samples: 40 } },
      layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
      loss: 'binaryCrossEntropy',
      ...change,
    },
    null,
    2,
  ) + '\n';

export const nameOf = (uri: vscode.Uri): string => path.posix.basename(uri.path);
