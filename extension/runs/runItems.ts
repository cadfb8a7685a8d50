import * as vscode from 'vscode';
import type { ExperimentStatus } from '../../engine/protocol/experiment.ts';
import type { RunStatus } from '../../engine/protocol/runRecord.ts';
import { summaryOf, type StoredExperiment } from '../experiments/storedExperiments.ts';
import { metricText, optimizerText, statusWords } from './runText.ts';
import { timeText, type StoredRun } from './storedRuns.ts';

const icons: Record<RunStatus | ExperimentStatus, vscode.ThemeIcon> = {
  running: new vscode.ThemeIcon('sync~spin'),
  completed: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  interrupted: new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('editorWarning.foreground')),
  diverged: new vscode.ThemeIcon('warning', new vscode.ThemeColor('editorWarning.foreground')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('editorError.foreground')),
};

/** What can go on. */
const resumable = new Set<RunStatus | ExperimentStatus>(['stopped', 'interrupted', 'failed']);

/** `label` is when it began, or which run of an experiment it is. */
export function runItem(run: StoredRun, label: string, checked: boolean): vscode.TreeItem {
  const { folder, record, status } = run;
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
  item.accessibilityInformation = { label: `${label}, ${statusWords[status]}, ${item.description}` };
  item.command = { command: 'mlpStudio.runs.show', title: vscode.l10n.t('Show'), arguments: [{ kind: 'run', run }] };
  return item;
}

/** `Comparison 14:03:21`, how far it is, and who leads. */
export function experimentItem(experiment: StoredExperiment): vscode.TreeItem {
  const { folder, record, modelPath } = experiment;
  const label = experimentTitle(experiment);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = folder.toString();
  item.description = summaryOf(experiment);
  item.iconPath = icons[record.status];
  item.contextValue = `experiment ${resumable.has(record.status) ? 'resumable' : ''} ${record.status === 'running' ? '' : 'ended'}`;
  item.tooltip = [`${record.name} · ${statusWords[record.status]}`, item.description, modelPath, folder.fsPath].join(
    '\n',
  );
  item.accessibilityInformation = { label: `${label}, ${statusWords[record.status]}, ${item.description}` };
  item.command = {
    command: 'mlpStudio.runs.show',
    title: vscode.l10n.t('Show'),
    arguments: [{ kind: 'experiment', experiment }],
  };
  return item;
}

export const experimentTitle = ({ record: { kind, started } }: StoredExperiment): string =>
  kind === 'comparison'
    ? vscode.l10n.t('Comparison {0}', timeText(started))
    : vscode.l10n.t('Sweep {0}', timeText(started));

function tooltipOf({ folder, record, status }: StoredRun): vscode.MarkdownString {
  const lines = [
    `**${record.name}** · ${statusWords[status]}`,
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
