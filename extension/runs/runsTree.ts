import * as vscode from 'vscode';
import { parseModel } from '../../engine/model/parse.ts';
import type { RunStatus } from '../../engine/protocol/runRecord.ts';
import { modelNameOf, timeText, type StoredRun, type StoredRuns } from './storedRuns.ts';

export const runsViewId = 'mlpStudio.runs';

/** A model that has runs, or one of its runs. */
export type RunsNode =
  | { readonly kind: 'model'; readonly modelPath: string; readonly runs: readonly StoredRun[] }
  | { readonly kind: 'run'; readonly run: StoredRun };

const icons: Record<RunStatus, vscode.ThemeIcon> = {
  running: new vscode.ThemeIcon('sync~spin'),
  completed: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  interrupted: new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('editorWarning.foreground')),
  diverged: new vscode.ThemeIcon('warning', new vscode.ThemeColor('editorWarning.foreground')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('editorError.foreground')),
};

/** Which runs can go on. */
const resumable = new Set<RunStatus>(['stopped', 'interrupted', 'failed']);

/** The runs of each model, newest first. A checked run is drawn in the training panel of its model. */
export class RunsTree implements vscode.TreeDataProvider<RunsNode>, vscode.Disposable {
  readonly #stored: StoredRuns;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscription: vscode.Disposable;
  readonly #checked: ReadonlySet<string>;

  readonly onDidChangeTreeData = this.#changed.event;

  /** `checked` holds the folders of the runs that are drawn over others. */
  constructor(stored: StoredRuns, checked: ReadonlySet<string>) {
    this.#stored = stored;
    this.#checked = checked;
    this.#subscription = stored.onDidChange(() => this.#changed.fire(undefined));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: RunsNode): Promise<RunsNode[]> {
    if (node?.kind === 'model') return node.runs.map(run => ({ kind: 'run', run }));
    if (node) return [];
    const groups = Map.groupBy(await this.#stored.all(), ({ record }) => record.modelPath);
    return [...groups].map(([modelPath, runs]) => ({ kind: 'model', modelPath, runs }));
  }

  getTreeItem(node: RunsNode): vscode.TreeItem {
    return node.kind === 'model' ? modelItem(node) : runItem(node.run, this.#checked.has(node.run.folder.fsPath));
  }
}

function modelItem({ modelPath, runs }: Extract<RunsNode, { kind: 'model' }>): vscode.TreeItem {
  const [first] = runs;
  const item = new vscode.TreeItem(
    first ? modelNameOf(first.record) : modelPath,
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = modelPath;
  item.description = String(runs.length);
  item.iconPath = new vscode.ThemeIcon('type-hierarchy');
  item.tooltip = modelPath;
  item.contextValue = 'model';
  return item;
}

function runItem(run: StoredRun, checked: boolean): vscode.TreeItem {
  const { folder, record, status } = run;
  const label = timeText(record.started);
  const item = new vscode.TreeItem(label);
  item.id = folder.toString();
  item.description = [optimizerText(run), metricText(run), record.note ?? ''].filter(Boolean).join(' · ');
  item.iconPath = icons[status];
  item.contextValue = `run ${resumable.has(status) ? 'resumable' : ''} ${status === 'running' ? '' : 'ended'}`;
  item.checkboxState = {
    state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: vscode.l10n.t('Draw it over the curves of the training panel'),
  };
  item.tooltip = tooltipOf(run);
  item.accessibilityInformation = { label: `${label}, ${status}, ${item.description}` };
  item.command = { command: 'mlpStudio.runs.show', title: vscode.l10n.t('Show'), arguments: [{ kind: 'run', run }] };
  return item;
}

/** `adam 0.01`, of the model as the run began with it. */
function optimizerText({ record }: StoredRun): string {
  const optimizer = parseModel(record.model).draft?.optimizer;
  return optimizer ? `${optimizer.type} ${String(optimizer.learningRate)}` : '';
}

/** The quality at the end: accuracy or R² of the rows held out, else of the training rows. */
function metricText({ record, status }: StoredRun): string {
  const measured = record.metrics?.validation ?? record.metrics?.train;
  if (!measured) return status;
  if (measured.accuracy !== undefined) return `${(100 * measured.accuracy).toFixed(1)} %`;
  return measured.r2 === undefined ? measured.loss.toPrecision(3) : `R² ${measured.r2.toFixed(3)}`;
}

function tooltipOf({ folder, record, status }: StoredRun): vscode.MarkdownString {
  const lines = [
    `**${record.name}** · ${status}`,
    ...(record.message === undefined ? [] : [record.message]),
    ...(record.forkedFrom === undefined
      ? []
      : [vscode.l10n.t('Branched off at step {0} of {1}', record.forkedFrom.step, record.forkedFrom.folder)]),
    ...Object.entries(record.metrics ?? {}).map(([split, { loss }]) => `${split}: ${loss.toPrecision(5)}`),
    `${record.backend} · ${record.backendReason}`,
    folder.fsPath,
  ];
  const text = new vscode.MarkdownString();
  for (const line of lines) text.appendText(line.replaceAll('**', '')).appendMarkdown('\n\n');
  return text;
}
