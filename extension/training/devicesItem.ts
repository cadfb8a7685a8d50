import * as vscode from 'vscode';
import type { BackendName } from '../../engine/model/dataFields.ts';
import { EngineError } from '../../engine/model/errors.ts';
import { processorOf, type DeviceReport, type Devices } from '../../engine/protocol/devices.ts';
import type { StartEvent } from '../../engine/protocol/events.ts';
import { deviceEntries, devicesTooltip, type DeviceEntry } from '../devices/deviceEntries.ts';
import { lookAround, type DeviceRoom } from '../devices/offeredDevice.ts';
import type { NodeChoice } from './nodeChoice.ts';
import type { Runs } from './runs.ts';
import type { ProcessStarter } from './trainingProcess.ts';

/** What `mlpStudio.backend` says: what computes models that leave it open. */
export const preferredBackend = (): BackendName =>
  vscode.workspace.getConfiguration('mlpStudio').get<BackendName>('backend', 'auto');

interface DevicesOptions {
  readonly runs: Runs;
  readonly startProcess: ProcessStarter;
  /** The browser behind the editor. */
  readonly room: DeviceRoom;
  readonly nodes: NodeChoice;
}

/**
 * A status item that says what the last training was computed with and why, and a command that shows what can compute here, what was tried
 * and why it lost; the choice is made there too.
 */
export function registerDevices({ runs, startProcess, room, nodes }: DevicesOptions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mlpStudio.devices', vscode.StatusBarAlignment.Right, 10);
  item.name = vscode.l10n.t('MLP Studio device');
  item.command = 'mlpStudio.showDevices';
  /** What the last look has found in the training process. */
  let own: readonly DeviceReport[] = [];
  let shown: StartEvent | undefined;
  const update = () => {
    const start = runs.latest?.status.start;
    if (!start || start === shown) return;
    shown = start;
    item.text = `$(chip) ${processorOf(start.device)}`;
    item.tooltip = devicesTooltip(start, [...own, ...(room.reports ?? [])]);
    item.show();
  };
  const show = async () => {
    const title = vscode.l10n.t('Looking for what can compute…');
    const location = vscode.ProgressLocation.Window;
    try {
      const [process, view] = await vscode.window.withProgress({ location, title }, () =>
        Promise.all([ask(startProcess), lookAround(room)]),
      );
      own = process.gpu;
      shown = undefined;
      update();
      await choose(deviceEntries({ process, view, node: nodes.text, start: runs.latest?.status.start }));
    } catch (error) {
      void vscode.window.showErrorMessage(EngineError.from(error).message);
    }
  };
  return vscode.Disposable.from(
    item,
    runs.onDidChange(update),
    vscode.commands.registerCommand('mlpStudio.showDevices', show),
  );
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

async function choose(entries: readonly DeviceEntry[]): Promise<void> {
  const chosen = preferredBackend();
  const picks = entries.map(({ label, icon, detail, backend }) => {
    const mark = backend !== undefined && backend === chosen ? 'check' : icon;
    const kind = detail === undefined ? vscode.QuickPickItemKind.Separator : vscode.QuickPickItemKind.Default;
    return { label: mark === undefined ? label : `$(${mark}) ${label}`, detail: detail ?? '', kind, backend };
  });
  const picked = await vscode.window.showQuickPick(picks, {
    title: vscode.l10n.t('What computes models whose backend is “auto”'),
    placeHolder: vscode.l10n.t('A model that names its backend keeps it.'),
  });
  if (picked?.backend)
    await vscode.workspace
      .getConfiguration('mlpStudio')
      .update('backend', picked.backend, vscode.ConfigurationTarget.Global);
}
