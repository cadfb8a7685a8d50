import path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { fitTarget, fitToTable } from '../../engine/model/fitData.ts';
import type { TableColumn, TableDescription } from '../../engine/protocol/trainer.ts';
import { applyModelEdit } from './applyModelEdit.ts';
import type { DataDescriptions } from './dataDescriptions.ts';
import type { ModelDocument } from './modelDocuments.ts';

/** Takes tables as the data of models: which file, which column to predict, and then one edit that fits the rest. */
export class Tables {
  readonly #descriptions: DataDescriptions;

  constructor(descriptions: DataDescriptions) {
    this.#descriptions = descriptions;
  }

  /** Asks for a file, then goes on as if it had been dropped. */
  async choose(model: ModelDocument): Promise<void> {
    const [file] =
      (await vscode.window.showOpenDialog({
        defaultUri: vscode.Uri.joinPath(model.document.uri, '..'),
        canSelectMany: false,
        filters: { [vscode.l10n.t('Tables')]: ['csv', 'tsv', 'txt'], [vscode.l10n.t('All files')]: ['*'] },
        openLabel: vscode.l10n.t('Learn from It'),
        title: vscode.l10n.t('A table with a row of names and rows of values'),
      })) ?? [];
    if (file) await this.take(model, file);
  }

  /** Takes a table that is a file: it stays where it is when it lies in the workspace, else it is copied on request. */
  async take(model: ModelDocument, file: vscode.Uri): Promise<void> {
    if (!isUsable(model)) return;
    const near = vscode.workspace.getWorkspaceFolder(file) ?? isBeside(model.document.uri, file);
    const used = near ? file : await this.#copyOrUse(model, file);
    if (used) await this.#fit(model, used);
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
    if (!isUsable(model)) return;
    const target = await freeName(vscode.Uri.joinPath(model.document.uri, '..', 'data'), path.basename(name));
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await this.#fit(model, target);
  }

  async #copyOrUse(model: ModelDocument, file: vscode.Uri): Promise<vscode.Uri | undefined> {
    const copy = {
      label: vscode.l10n.t('Copy it beside the model'),
      detail: vscode.l10n.t('The model then works on other machines too.'),
    };
    const use = { label: vscode.l10n.t('Use it where it is'), detail: file.fsPath };
    const chosen = await vscode.window.showQuickPick([copy, use], {
      placeHolder: vscode.l10n.t('This table lies outside the workspace.'),
    });
    if (chosen !== copy) return chosen && file;
    const folder = vscode.Uri.joinPath(model.document.uri, '..', 'data');
    const target = await freeName(folder, path.posix.basename(file.path));
    await vscode.workspace.fs.copy(file, target);
    return target;
  }

  async #fit(model: ModelDocument, file: vscode.Uri): Promise<void> {
    const table = await this.#describe(file);
    const target = table && (await pickTarget(table, path.posix.basename(file.path)));
    const now = model.draft ?? model.lastDraft;
    if (!target || !now) return;
    const folder = path.dirname(model.document.uri.fsPath);
    const relative = path.relative(folder, file.fsPath).split(path.sep).join('/');
    await applyModelEdit(model.document, fitToTable(now, relative, target));
  }

  async #describe(file: vscode.Uri): Promise<TableDescription | undefined> {
    try {
      return await this.#descriptions.describeTable(file.fsPath);
    } catch (thrown) {
      void vscode.window.showErrorMessage(EngineError.from(thrown).line);
      return undefined;
    }
  }
}

function isUsable(model: ModelDocument): boolean {
  const problem = !vscode.workspace.isTrusted
    ? vscode.l10n.t('Reading data is off in Restricted Mode. Trust this workspace to choose a table.')
    : model.document.uri.scheme !== 'file'
      ? vscode.l10n.t('The model is not a file on disk. Save it in a folder to give it a table.')
      : undefined;
  if (problem !== undefined) void vscode.window.showErrorMessage(problem);
  return problem === undefined;
}

const isBeside = (model: vscode.Uri, file: vscode.Uri): boolean =>
  !path.relative(path.dirname(model.fsPath), file.fsPath).startsWith('..');

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
