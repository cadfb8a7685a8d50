import * as vscode from 'vscode';
import { fileNameOf } from '../models/modelFiles.ts';
import { Calmly } from './calmly.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';

/** Milliseconds between two texts: a fast run speaks thirty times a second, and each text costs the window its layout. */
const interval = 250;

/** One item while something trains: `epoch 12/50 · 0.031`. It opens the training panel. */
export function registerStatusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mlpStudio.run', vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t('MLP Studio training');
  item.command = 'mlpStudio.openTrainingPanel';
  const update = new Calmly(() => {
    const [run] = runs.latest?.isBusy ? [runs.latest] : runs.busy;
    if (run) show(item, run);
    else item.hide();
  }, interval);
  return vscode.Disposable.from(
    update,
    item,
    runs.onDidChange(() => update.wish()),
  );
}

function show(item: vscode.StatusBarItem, run: Run): void {
  const icon = run.state === 'paused' ? '$(debug-pause)' : '$(pulse)';
  item.text = run.responsive ? `${icon} ${run.status.text}` : `$(warning) ${vscode.l10n.t('not responding')}`;
  item.backgroundColor = run.responsive ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
  item.tooltip = vscode.l10n.t('Training {0}. Click to see the curves.', fileNameOf(run.uri));
  item.show();
}
