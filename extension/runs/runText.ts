import * as vscode from 'vscode';
import { parseModel } from '../../engine/model/parse.ts';
import type { RunStatus } from '../../engine/protocol/runRecord.ts';
import type { StoredRun } from './storedRuns.ts';

/** How a run stands, in a word; an experiment's states are among a run's. */
export const statusWords: Readonly<Record<RunStatus, string>> = {
  running: vscode.l10n.t('running'),
  completed: vscode.l10n.t('completed'),
  stopped: vscode.l10n.t('stopped'),
  diverged: vscode.l10n.t('diverged'),
  failed: vscode.l10n.t('failed'),
  interrupted: vscode.l10n.t('interrupted'),
};

/** `adam 0.01`, of the model as the run began with it. */
export function optimizerText({ record }: StoredRun): string {
  const optimizer = parseModel(record.model).draft?.optimizer;
  return optimizer ? `${optimizer.type} ${String(optimizer.learningRate)}` : '';
}

/** The quality at the end: accuracy or R² of the rows held out, else of the training rows. */
export function metricText({ record, status }: StoredRun): string {
  const measured = record.metrics?.validation ?? record.metrics?.train;
  if (!measured) return statusWords[status];
  if (measured.accuracy !== undefined) return `${(100 * measured.accuracy).toFixed(1)} %`;
  return measured.r2 === undefined ? measured.loss.toPrecision(3) : `R² ${measured.r2.toFixed(3)}`;
}
