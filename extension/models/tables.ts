import path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { fitTarget, fitToTable } from '../../engine/model/fitData.ts';
import type { TableColumn, TableDescription } from '../../engine/protocol/trainer.ts';
import { applyModelEdit } from './applyModelEdit.ts';
import type { DataDescriptions } from './dataDescriptions.ts';
import { askForFile, dataFolder, freeName, mayTakeFiles, namedBeside, settledFile } from './dataFiles.ts';
import type { ModelDocument } from './modelDocuments.ts';

/** Takes tables as the data of models: which file, which column to predict, and then one edit that fits the rest. */
export class Tables {
  readonly #descriptions: DataDescriptions;

  constructor(descriptions: DataDescriptions) {
    this.#descriptions = descriptions;
  }

  /** Asks for a file, then goes on as if it had been dropped. */
  async choose(model: ModelDocument): Promise<void> {
    const file = await askForFile(model, {
      title: vscode.l10n.t('A table with a row of names and rows of values'),
      filters: { [vscode.l10n.t('Tables')]: ['csv', 'tsv', 'txt'] },
    });
    if (file) await this.take(model, file);
  }

  /** Takes a table that is a file: it stays where it is when it lies in the workspace, else it is copied on request. */
  async take(model: ModelDocument, file: vscode.Uri): Promise<void> {
    if (!mayTakeFiles(model)) return;
    const settled = await settledFile(model, file);
    if (settled) await this.#fit(model, settled);
  }

  /** Takes a table that was dropped, by its address; the window of a remote host names its files otherwise than the host does. */
  async takeAddress(model: ModelDocument, address: string): Promise<void> {
    const uri = vscode.Uri.parse(address);
    if (uri.scheme === 'file' || uri.scheme === 'vscode-remote') await this.take(model, vscode.Uri.file(uri.path));
    else
      void vscode.window.showErrorMessage(
        vscode.l10n.t('{0} is not a file on disk. Save it beside the model.', address),
      );
  }

  /** Takes a table that came as text: it is written beside the model, never over another file. */
  async takeText(model: ModelDocument, name: string, text: string): Promise<void> {
    if (!mayTakeFiles(model)) return;
    const target = await freeName(dataFolder(model.document.uri), path.basename(name));
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await this.#fit(model, target);
  }

  async #fit(model: ModelDocument, file: vscode.Uri): Promise<void> {
    const table = await this.#describe(file);
    const target = table && (await pickTarget(table, path.posix.basename(file.path)));
    const now = model.draft ?? model.lastDraft;
    if (!target || !now) return;
    await applyModelEdit(model.document, fitToTable(now, namedBeside(model.document.uri, file), target));
  }

  async #describe(file: vscode.Uri): Promise<TableDescription | undefined> {
    try {
      return await this.#descriptions.describeTable({ path: file.fsPath, kind: 'csv' });
    } catch (thrown) {
      void vscode.window.showErrorMessage(EngineError.from(thrown).line);
      return undefined;
    }
  }
}

/** Which column to predict; the last one is offered first, as most tables have it. */
async function pickTarget({ columns, rows }: TableDescription, name: string): Promise<TableColumn | undefined> {
  const items = columns.toReversed().map(column => ({
    label: column.name,
    description: contentOf(column),
    detail: fitText(column),
    column,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('{0}: {1} rows', name, rows),
    placeHolder: vscode.l10n.t('Which column shall be predicted?'),
    matchOnDescription: true,
  });
  return picked?.column;
}

function contentOf({ kind, distinct, examples }: TableColumn): string {
  const some = examples.join(', ');
  return kind === 'number'
    ? vscode.l10n.t('numbers: {0}, …', some)
    : vscode.l10n.t('{0} values: {1}, …', distinct > 100 ? '100+' : distinct, some);
}

function fitText(column: TableColumn): string {
  const { loss, activation, units } = fitTarget(column);
  return units > 1
    ? vscode.l10n.t('{0} outputs with {1}, {2}', units, activation, loss)
    : vscode.l10n.t('1 output with {0}, {1}', activation, loss);
}
