import * as vscode from 'vscode';
import { freeName } from './dataFiles.ts';
import { openInDesigner } from './modelFiles.ts';
import { blankModel, templates, type Template } from './templates.ts';

/** `MLP Studio: New Model…`: a template, a file, and the designer. */
export class NewModels {
  readonly #examples: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#examples = vscode.Uri.joinPath(extensionUri, 'examples');
  }

  /** Asks for a template and opens a new model made of it, in `folder` or the folder that is open. */
  async create(folder?: vscode.Uri): Promise<void> {
    const picked = await vscode.window.showQuickPick(
      templates.map(template => ({ label: template.title, description: template.description, template })),
      { title: vscode.l10n.t('New model'), placeHolder: vscode.l10n.t('What shall it learn?') },
    );
    const uri = picked && (await this.#place(picked.template, folder));
    if (!picked || !uri) return;
    try {
      await this.#write(picked.template, uri);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(
        vscode.l10n.t('{0} could not be written: {1} Choose another folder.', uri.fsPath, reason),
      );
      return;
    }
    await openInDesigner(uri);
  }

  /** A free name in the folder; asked for when no folder is open. */
  async #place({ stem }: Template, given: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
    const folder = given ?? (await openFolder());
    if (folder) return freeName(folder, `${stem}.mlp.json`);
    return vscode.window.showSaveDialog({ filters: { [vscode.l10n.t('MLP model')]: ['mlp.json'] } });
  }

  async #write({ example, data }: Template, uri: vscode.Uri): Promise<void> {
    const { fs } = vscode.workspace;
    const text =
      example === undefined
        ? new TextEncoder().encode(blankModel)
        : await fs.readFile(vscode.Uri.joinPath(this.#examples, `${example}.mlp.json`));
    if (data !== undefined) {
      const table = vscode.Uri.joinPath(uri, '..', data);
      // A table of this name may be the user's own: it is never written over.
      if (!(await exists(table))) await fs.copy(vscode.Uri.joinPath(this.#examples, data), table);
    }
    await fs.writeFile(uri, text);
  }
}

/** The folder that is open; asked for when there are several. */
async function openFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0]?.uri;
  return (await vscode.window.showWorkspaceFolderPick())?.uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
