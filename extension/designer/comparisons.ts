import * as vscode from 'vscode';
import { modelChanges, type ModelChanges } from '../../engine/model/modelChanges.ts';
import type { ModelDocument } from '../models/modelDocuments.ts';

interface Side {
  readonly model: ModelDocument;
  readonly panel: vscode.WebviewPanel;
}

/**
 * Finds designers that stand beside each other in a diff editor. VS Code does not say so, but two of one path
 * that are visible in one editor group can be nothing else, since a group shows one tab.
 */
export class Comparisons {
  readonly #sides = new Set<Side>();
  readonly #changed = new vscode.EventEmitter<undefined>();
  /** A side came, went, or was hidden. */
  readonly onDidChange = this.#changed.event;

  add(side: Side): vscode.Disposable {
    this.#sides.add(side);
    this.#changed.fire(undefined);
    return vscode.Disposable.from(
      side.panel.onDidChangeViewState(() => this.#changed.fire(undefined)),
      new vscode.Disposable(() => {
        this.#sides.delete(side);
        this.#changed.fire(undefined);
      }),
    );
  }

  /** The model on the other side of the diff; undefined outside of one. */
  counterpart({ model, panel }: Side): ModelDocument | undefined {
    const { uri } = model.document;
    for (const other of this.#sides) {
      const theirs = other.model.document.uri;
      const together = other.panel.visible && panel.visible && other.panel.viewColumn === panel.viewColumn;
      if (together && theirs.path === uri.path && theirs.toString() !== uri.toString()) return other.model;
    }
    return undefined;
  }

  /** How a designer's model differs from the one on the other side. */
  changesOf(side: Side): ModelChanges | undefined {
    const other = this.counterpart(side);
    const [mine, theirs] = [side.model.lastDraft, other?.lastDraft];
    return mine && theirs && other
      ? modelChanges(mine, theirs, isNewer(other, side.model, [...this.#sides]))
      : undefined;
  }
}

/** The file on disk is the newest; of two versions from history VS Code opens the older one first. */
function isNewer(one: ModelDocument, other: ModelDocument, sides: readonly Side[]): boolean {
  const isFile = ({ document }: ModelDocument) => document.uri.scheme === 'file';
  if (isFile(one) !== isFile(other)) return isFile(one);
  const order = sides.map(({ model }) => model);
  return order.indexOf(one) > order.indexOf(other);
}
