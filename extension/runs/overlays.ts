import * as vscode from 'vscode';
import type { RunOverlay } from '../../engine/protocol/views.ts';
import type { RunsNode, RunsTree } from './runsTree.ts';
import { modelNameOf, timeText, type StoredRun, type StoredRuns } from './storedRuns.ts';

/** Earlier runs that are drawn over the curves of their model, as the boxes of the *Runs* view say. */
export class Overlays implements vscode.Disposable {
  /** Folders of the checked runs. */
  readonly checked = new Set<string>();
  readonly #stored: StoredRuns;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #runs = new Map<string, StoredRun>();

  readonly onDidChange = this.#changed.event;

  constructor(stored: StoredRuns) {
    this.#stored = stored;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Follows the boxes of a view. */
  follow(view: vscode.TreeView<RunsNode>, tree: RunsTree): vscode.Disposable {
    return vscode.Disposable.from(
      tree,
      view.onDidChangeCheckboxState(({ items }) => {
        for (const [node, state] of items)
          if (node.kind === 'run') this.set(node.run, state === vscode.TreeItemCheckboxState.Checked);
      }),
    );
  }

  set(run: StoredRun, checked: boolean): void {
    const key = run.folder.fsPath;
    if (checked) {
      this.checked.add(key);
      this.#runs.set(key, run);
    } else {
      this.checked.delete(key);
      this.#runs.delete(key);
    }
    this.#changed.fire(undefined);
  }

  /** What is drawn over the curves of a model, apart from the run that is shown itself. */
  async of(model: vscode.Uri, shownFolder: string | undefined): Promise<RunOverlay[]> {
    const wanted = [...this.#runs.values()].filter(
      ({ record, folder }) => record.modelPath === model.fsPath && folder.fsPath !== shownFolder,
    );
    return Promise.all(
      wanted.map(async run => ({
        title: run.record.note ?? `${modelNameOf(run.record)} ${timeText(run.record.started)}`,
        metrics: (await this.#stored.recorded(run)).events.filter(event => event.event === 'metrics'),
      })),
    );
  }
}
