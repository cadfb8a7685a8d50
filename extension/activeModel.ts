import * as vscode from 'vscode';
import { designerViewType, fileNameOf, isModelFile, modelPattern } from './models/modelFiles.ts';

/** The model that a tab shows, as picture or as text. */
function modelOfTab(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === designerViewType) return input.uri;
  if (input instanceof vscode.TabInputText && isModelFile(input.uri)) return input.uri;
  return undefined;
}

/** Finds the model that a command without an argument means. */
export class ActiveModel {
  readonly #panelModel: () => vscode.Uri | undefined;

  /** `panelModel` answers with the model of the training panel that has the focus. */
  constructor(panelModel: () => vscode.Uri | undefined) {
    this.#panelModel = panelModel;
  }

  /** The model the user looks at: in the active editor, or that of the active training panel. */
  get uri(): vscode.Uri | undefined {
    return modelOfTab(vscode.window.tabGroups.activeTabGroup.activeTab) ?? this.#panelModel();
  }

  /** The model the user means; asked for when nothing tells. Undefined when the user gives up. */
  async find(given: unknown): Promise<vscode.Uri | undefined> {
    if (given instanceof vscode.Uri) return given;
    return this.uri ?? (await this.#pick());
  }

  async #pick(): Promise<vscode.Uri | undefined> {
    const shown = vscode.window.tabGroups.all.flatMap(group => modelOfTab(group.activeTab) ?? []);
    if (shown.length === 1) return shown[0];
    const found = await vscode.workspace.findFiles(modelPattern, '**/{node_modules,.mlp-runs}/**', 500);
    if (found.length === 0) {
      const create = vscode.l10n.t('New Model…');
      const answer = await vscode.window.showInformationMessage(vscode.l10n.t('There is no model here yet.'), create);
      if (answer === create) void vscode.commands.executeCommand('mlpStudio.newModel');
      return undefined;
    }
    const items = found
      .map(uri => ({ label: fileNameOf(uri), description: vscode.workspace.asRelativePath(uri), uri }))
      .sort((a, b) => a.description.localeCompare(b.description));
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: vscode.l10n.t('Which model?'),
      matchOnDescription: true,
    });
    return picked?.uri;
  }
}
