import * as vscode from 'vscode';
import type { BackendName } from '../../engine/model/dataFields.ts';
import { EngineError } from '../../engine/model/errors.ts';
import { deviceText, isGpu, type Devices } from '../../engine/protocol/devices.ts';
import type { Runs } from './runs.ts';
import type { ProcessStarter } from './trainingProcess.ts';

interface Pick extends vscode.QuickPickItem {
  readonly backend?: BackendName;
}

/** What `mlpStudio.backend` says: what computes models that leave it open. */
export const preferredBackend = (): BackendName =>
  vscode.workspace.getConfiguration('mlpStudio').get<BackendName>('backend', 'auto');

/**
 * A status item that says what the last training was computed with and why, and a command that shows what can compute here, what was tried
 * and why it lost; the choice is made there too.
 */
export function registerDevices(runs: Runs, startProcess: ProcessStarter): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mlpStudio.devices', vscode.StatusBarAlignment.Right, 10);
  item.name = vscode.l10n.t('MLP Studio device');
  item.command = 'mlpStudio.showDevices';
  const update = () => {
    const start = runs.latest?.status.start;
    if (!start) return;
    item.text = `$(chip) ${isGpu(start.device) ? 'GPU' : 'CPU'}`;
    item.tooltip = vscode.l10n.t('{0}: {1}. Click to see what can compute here.', start.device, start.backendReason);
    item.show();
  };
  return vscode.Disposable.from(
    item,
    runs.onDidChange(update),
    vscode.commands.registerCommand('mlpStudio.showDevices', () => showDevices(startProcess)),
  );
}

async function showDevices(startProcess: ProcessStarter): Promise<void> {
  const title = vscode.l10n.t('Looking for what can compute…');
  const location = vscode.ProgressLocation.Window;
  try {
    const devices = await vscode.window.withProgress({ location, title }, () => ask(startProcess));
    await choose(devices);
  } catch (error) {
    void vscode.window.showErrorMessage(EngineError.from(error).message);
  }
}

async function ask(startProcess: ProcessStarter): Promise<Devices> {
  // The process that would train a model that asks for a GPU: it may run in another Node.
  const process = startProcess({ events: () => undefined, responsive: () => undefined }, { backend: 'gpu' });
  try {
    return await process.trainer.describeDevices();
  } finally {
    process.dispose();
  }
}

async function choose({ cpu, gpu }: Devices): Promise<void> {
  const chosen = preferredBackend();
  const mark = (backend: BackendName) => (backend === chosen ? '$(check) ' : '');
  const passed = gpu.find(report => report.passed);
  const picks: Pick[] = [
    {
      label: `${mark('auto')}${vscode.l10n.t('Automatic')}`,
      detail: vscode.l10n.t('Measures a few steps of the very network, and takes the fastest; software devices never.'),
      backend: 'auto',
    },
    { label: `${mark('wasm')}${vscode.l10n.t('CPU')}`, detail: cpu, backend: 'wasm' },
    ...(passed
      ? [
          {
            label: `${mark('gpu')}${passed.kind === 'hardware' ? vscode.l10n.t('GPU') : vscode.l10n.t('Not a GPU')}`,
            detail: deviceText(passed),
            backend: 'gpu' as const,
          },
        ]
      : []),
    { label: vscode.l10n.t('Tried'), kind: vscode.QuickPickItemKind.Separator },
    ...gpu.map(report => ({
      label: `${report.passed ? '$(pass)' : '$(circle-slash)'} ${report.rung}`,
      detail: deviceText(report),
    })),
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    title: vscode.l10n.t('What computes models whose backend is “auto”'),
    placeHolder: vscode.l10n.t('A model that names its backend keeps it.'),
  });
  if (picked?.backend)
    await vscode.workspace
      .getConfiguration('mlpStudio')
      .update('backend', picked.backend, vscode.ConfigurationTarget.Global);
}
