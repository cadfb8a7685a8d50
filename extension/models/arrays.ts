import * as vscode from 'vscode';
import { sourceKinds } from '../../engine/model/dataFields.ts';
import { EngineError } from '../../engine/model/errors.ts';
import { fitToArrays, type ArraySource } from '../../engine/model/fitData.ts';
import type { TableColumn } from '../../engine/protocol/trainer.ts';
import { applyModelEdit } from './applyModelEdit.ts';
import type { DataDescriptions } from './dataDescriptions.ts';
import { askForFile, mayTakeFiles, namedBeside, settledFile } from './dataFiles.ts';
import type { ModelDocument } from './modelDocuments.ts';

export type ArrayKind = ArraySource['kind'];

/** Endings of the files of each kind, without a compressed one's own. */
const endings = { idx: ['idx', 'ubyte', 'idx1-ubyte', 'idx3-ubyte', 'gz'], npy: ['npy'] } as const;

/** Takes arrays as the data of models: one file after the other, and then one edit that fits the rest to the targets. */
export class Arrays {
  readonly #descriptions: DataDescriptions;

  constructor(descriptions: DataDescriptions) {
    this.#descriptions = descriptions;
  }

  async choose(model: ModelDocument, kind: ArrayKind): Promise<void> {
    if (!mayTakeFiles(model)) return;
    const chosen: vscode.Uri[] = [];
    for (const label of Object.values(sourceKinds[kind].files)) {
      const title = vscode.l10n.t('{0}: {1}', sourceKinds[kind].title, label);
      const file = await askForFile(model, { title, filters: { [sourceKinds[kind].title]: endings[kind] } });
      const settled = file && (await settledFile(model, file));
      if (!settled) return;
      chosen.push(settled);
    }
    const [inputs, outputs] = chosen;
    const targets = outputs && (await this.#targets(outputs, kind));
    const now = model.draft ?? model.lastDraft;
    if (!inputs || !targets || !now) return;
    const [first, second] = [inputs, outputs].map(file => namedBeside(model.document.uri, file));
    if (first === undefined || second === undefined) return;
    const source: ArraySource =
      kind === 'idx' ? { kind, images: first, labels: second } : { kind, features: first, targets: second };
    await applyModelEdit(model.document, fitToArrays(now, source, targets));
  }

  async #targets(file: vscode.Uri, kind: ArrayKind): Promise<readonly TableColumn[] | undefined> {
    try {
      return (await this.#descriptions.describeTable({ path: file.fsPath, kind })).columns;
    } catch (thrown) {
      void vscode.window.showErrorMessage(EngineError.from(thrown).line);
      return undefined;
    }
  }
}
