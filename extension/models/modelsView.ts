import * as vscode from 'vscode';
import { designerViewType, fileNameOf, modelPattern } from './modelFiles.ts';

/** The view *Models* of the side bar: every model of the workspace, and a welcome while there is none. */
export class ModelsView implements vscode.TreeDataProvider<vscode.Uri>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    const files = vscode.workspace.createFileSystemWatcher(modelPattern, false, true, false);
    const refresh = () => this.#changed.fire(undefined);
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      files,
      files.onDidCreate(refresh),
      files.onDidDelete(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
      vscode.window.registerTreeDataProvider('mlpStudio.models', this),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async getChildren(parent?: vscode.Uri): Promise<vscode.Uri[]> {
    if (parent) return [];
    const found = await vscode.workspace.findFiles(modelPattern, '**/{node_modules,.mlp-runs}/**', 1000);
    return found.sort((a, b) => a.path.localeCompare(b.path));
  }

  getTreeItem(uri: vscode.Uri): vscode.TreeItem {
    const item = new vscode.TreeItem(uri);
    const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..'));
    item.label = fileNameOf(uri).replace(/\.mlp\.json$/, '');
    if (
      folder !== '.' &&
      !vscode.workspace.workspaceFolders?.some(({ name, uri: root }) => folder === root.fsPath || folder === name)
    )
      item.description = folder;
    item.iconPath = new vscode.ThemeIcon('type-hierarchy');
    item.contextValue = 'model';
    item.command = {
      command: 'vscode.openWith',
      title: vscode.l10n.t('Open in Designer'),
      arguments: [uri, designerViewType],
    };
    return item;
  }
}
