import path from 'node:path';
import * as vscode from 'vscode';
import type { StoredCell, StoredExperiment, StoredExperiments } from '../experiments/storedExperiments.ts';
import type { Runs } from '../training/runs.ts';
import { experimentItem, runItem } from './runItems.ts';
import { timeText, type StoredRun, type StoredRuns } from './storedRuns.ts';

export const runsViewId = 'mlpStudio.runs';

/** A comparison or a sweep of a model. */
type ExperimentNode = { readonly kind: 'experiment'; readonly experiment: StoredExperiment };
/** A run, by itself or of an experiment. */
type RunNode = { readonly kind: 'run'; readonly run: StoredRun; readonly cell?: string };
/** A model that has runs, or one of them. */
export type RunsNode =
  | { readonly kind: 'model'; readonly modelPath: string; readonly children: readonly (ExperimentNode | RunNode)[] }
  | ExperimentNode
  | RunNode;

/** Milliseconds until running ones are looked at again: a process that was killed says nothing. */
const lookAgainAfter = 10_000;

/** The runs, comparisons and sweeps of each model, newest first. A checked run is drawn in the training panel of its model. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #stored: StoredRuns;
  readonly #experiments: StoredExperiments;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: vscode.Disposable;
  readonly #checked: ReadonlySet<string>;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  /** `checked` holds the folders of the runs that are drawn over others. */
  constructor(stored: StoredRuns, experiments: StoredExperiments, runs: Runs, checked: ReadonlySet<string>) {
    this.#stored = stored;
    this.#experiments = experiments;
    this.#checked = checked;
    const refresh = () => this.#changed.fire(undefined);
    this.#subscription = vscode.Disposable.from(
      stored.onDidChange(refresh),
      experiments.onDidChange(refresh),
      // What this window does itself is known at once; watching files may be slow, or not be possible at all.
      runs.onDidCreate(run =>
        run.onDidChangeState(state => {
          if (state === 'running' || state === 'idle') refresh();
        }),
      ),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    if (node?.kind === 'model') return [...node.children];
    if (node?.kind === 'experiment') return (await this.#experiments.runsOf(node.experiment)).map(cellNode(node));
    if (node) return [];
    const [runs, experiments] = await Promise.all([this.#stored.all(), this.#experiments.all()]);
    this.#lookAgain([...runs.map(({ status }) => status), ...experiments.map(({ record }) => record.status)]);
    const all = [
      ...runs.map((run): RunNode => ({ kind: 'run', run })),
      ...experiments.map((experiment): ExperimentNode => ({ kind: 'experiment', experiment })),
    ].sort((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
    return [...Map.groupBy(all, modelPathOf)].map(([modelPath, children]) => ({ kind: 'model', modelPath, children }));
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    if (node.kind === 'model') return modelItem(node);
    if (node.kind === 'experiment') return experimentItem(node.experiment);
    const { folder, record } = node.run;
    return runItem(node.run, node.cell ?? timeText(record.started), this.#checked.has(folder.fsPath));
  }

  #lookAgain(statuses: readonly string[]): void {
    clearTimeout(this.#timer);
    if (statuses.includes('running')) this.#timer = setTimeout(() => this.#changed.fire(undefined), lookAgainAfter);
  }
}

const startOf = (node: ExperimentNode | RunNode): string =>
  node.kind === 'run' ? node.run.record.started : node.experiment.record.started;

const modelPathOf = (node: ExperimentNode | RunNode): string =>
  node.kind === 'run' ? node.run.record.modelPath : node.experiment.modelPath;

const cellNode =
  ({ experiment: { record } }: ExperimentNode) =>
  ({ cell, run }: StoredCell): RunNode => ({
    kind: 'run',
    run,
    cell: vscode.l10n.t('{0}, seed {1}', record.variants[cell.variant]?.name ?? '', cell.seed),
  });

function modelItem({ modelPath, children }: Extract<RunsNode, { kind: 'model' }>): vscode.TreeItem {
  const name = path.basename(modelPath).replace(/\.mlp\.json$/, '');
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = modelPath;
  item.description = String(children.length);
  item.iconPath = new vscode.ThemeIcon('type-hierarchy');
  item.tooltip = modelPath;
  item.contextValue = 'model';
  return item;
}
