import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocuments.ts';

/** Whether a model can be given a file as its data; says why where it cannot. */
export function mayTakeFiles({ document: { uri } }: ModelDocument): boolean {
  const problem = !vscode.workspace.isTrusted
    ? vscode.l10n.t('Reading data is off in Restricted Mode. Trust this workspace to choose a table.')
    : uri.scheme !== 'file'
      ? vscode.l10n.t('The model is not a file on disk. Save it in a folder to give it a table.')
      : undefined;
  if (problem !== undefined) void vscode.window.showErrorMessage(problem);
  return problem === undefined;
}

interface FileQuestion {
  readonly title: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** Asks for a file, beside the model at first. */
export async function askForFile(
  { document }: ModelDocument,
  { title, filters }: FileQuestion,
): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      defaultUri: vscode.Uri.joinPath(document.uri, '..'),
      canSelectMany: false,
      filters: {
        ...Object.fromEntries(Object.entries(filters).map(([name, endings]) => [name, [...endings]])),
        [vscode.l10n.t('All files')]: ['*'],
      },
      openLabel: vscode.l10n.t('Learn from It'),
      title,
    })) ?? [];
  return file;
}

/**
 * The file as the model shall name it: where it is when it lies in the workspace, else where the user wants it, beside the
 * model or where it is. Undefined when the user decides for neither.
 */
export async function settledFile({ document }: ModelDocument, file: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (vscode.workspace.getWorkspaceFolder(file) || isBeside(document.uri, file)) return file;
  const copy = {
    label: vscode.l10n.t('Copy it beside the model'),
    detail: vscode.l10n.t('The model then works on other machines too.'),
  };
  const use = { label: vscode.l10n.t('Use it where it is'), detail: file.fsPath };
  const chosen = await vscode.window.showQuickPick([copy, use], {
    placeHolder: vscode.l10n.t('{0} lies outside the workspace.', path.posix.basename(file.path)),
  });
  if (chosen !== copy) return chosen && file;
  const target = await freeName(dataFolder(document.uri), path.posix.basename(file.path));
  await vscode.workspace.fs.copy(file, target);
  return target;
}

/** Where files that come from elsewhere are put. */
export const dataFolder = (model: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(model, '..', 'data');

/** A file as the model names it: relative to the model, with slashes. */
export const namedBeside = (model: vscode.Uri, file: vscode.Uri): string =>
  path.relative(path.dirname(model.fsPath), file.fsPath).split(path.sep).join('/');

const isBeside = (model: vscode.Uri, file: vscode.Uri): boolean => !namedBeside(model, file).startsWith('..');

/** `iris.csv`, or `iris-2.csv` where that one is there. */
export async function freeName(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  const [, stem = name, ending = ''] = /^([^.]*)(\..*)?$/.exec(name) ?? [];
  for (let n = 1; ; n++) {
    const uri = vscode.Uri.joinPath(folder, n === 1 ? name : `${stem}-${n}${ending}`);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      // Nothing is there: the name is free.
      return uri;
    }
  }
}
