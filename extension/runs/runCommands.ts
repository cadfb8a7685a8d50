import * as vscode from 'vscode';
import { applyTextEdits, textEdits } from '../../engine/model/edits.ts';
import { parseModel } from '../../engine/model/parse.ts';
import type { ExperimentPanels } from '../experiments/experimentPanels.ts';
import type { StoredExperiment, StoredExperiments } from '../experiments/storedExperiments.ts';
import type { LabPanel } from '../lab/labPanel.ts';
import type { Runs } from '../training/runs.ts';
import type { Training } from '../training/training.ts';
import type { TrainingPanels } from '../training/trainingPanels.ts';
import { showStored } from './followedRun.ts';
import { experimentTitle } from './runItems.ts';
import type { RunsNode } from './runsTree.ts';
import { runSnapshotUri } from './runSnapshots.ts';
import { modelNameOf, timeText, type StoredRun, type StoredRuns } from './storedRuns.ts';

export interface RunCommandOptions {
  readonly stored: StoredRuns;
  readonly runs: Runs;
  readonly training: Training;
  readonly panels: TrainingPanels;
  readonly experiments: StoredExperiments;
  readonly panelsOfExperiments: ExperimentPanels;
  readonly lab: LabPanel;
}

/** What can be done with a run, a comparison or a sweep of the *Runs* view. */
export function registerRunCommands(options: RunCommandOptions): vscode.Disposable {
  const { stored } = options;
  const { experiments, panelsOfExperiments } = options;
  const register = (
    name: string,
    onRun: (run: StoredRun) => unknown,
    onExperiment?: (experiment: StoredExperiment) => unknown,
  ) =>
    vscode.commands.registerCommand(`mlpStudio.runs.${name}`, async (given: unknown) => {
      const node = nodeOf(given);
      if (node?.kind === 'experiment') {
        await onExperiment?.(node.experiment);
        return;
      }
      const run = node?.kind === 'run' ? node.run : await pick(stored);
      if (run) await onRun(run);
    });
  return vscode.Disposable.from(
    register(
      'show',
      run => showRun(run, options),
      experiment => panelsOfExperiments.open(experiment),
    ),
    register(
      'resume',
      run => options.training.resumeFrom(run),
      experiment => panelsOfExperiments.resume(experiment),
    ),
    register('fork', run => forkRun(run, options)),
    register('showLossSurface', ({ folder, record }) =>
      options.lab.showNetwork(vscode.Uri.file(record.modelPath), folder.fsPath),
    ),
    register(
      'note',
      run => writeNote(run.record, note => stored.setNote(run, note)),
      experiment => writeNote(experiment.record, note => experiments.setNote(experiment, note)),
    ),
    register('compareSettings', run => compareSettings(run)),
    register('exportWeights', run => exportWeights(run)),
    register('reveal', showFolder, showFolder),
    register(
      'delete',
      run => deleteFolder(run, vscode.l10n.t('the run of {0}', timeText(run.record.started)), stored),
      experiment => deleteFolder(experiment, experimentTitle(experiment), experiments),
    ),
    vscode.commands.registerCommand('mlpStudio.runs.refresh', () => stored.refresh()),
  );
}

const nodeOf = (given: unknown): RunsNode | undefined =>
  typeof given === 'object' && given !== null && 'kind' in given ? (given as RunsNode) : undefined;

const showFolder = ({ folder }: { readonly folder: vscode.Uri }) =>
  vscode.commands.executeCommand('revealFileInOS', folder);

async function pick(stored: StoredRuns): Promise<StoredRun | undefined> {
  const all = await stored.all();
  if (all.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no run here yet. Train a model.'));
    return undefined;
  }
  const items = all.map(run => ({
    label: `${modelNameOf(run.record)} · ${timeText(run.record.started)}`,
    description: [run.status, run.record.note].filter(Boolean).join(' · '),
    run,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.run;
}

/** Shows the curves of a run in the training panel of its model. */
async function showRun(run: StoredRun, { runs, panels, stored }: RunCommandOptions): Promise<void> {
  const current = runs.of(vscode.Uri.file(run.record.modelPath));
  if (current.folder !== run.folder.fsPath) await showStored(current, run, stored);
  panels.show(current);
}

/** Asks from where and with what the fork goes on. */
async function forkRun(run: StoredRun, { stored, training }: RunCommandOptions): Promise<void> {
  const steps = await stored.checkpoints(run);
  if (steps.length === 0) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('This run has no checkpoint to branch off from. Longer runs write one every few seconds.'),
    );
    return;
  }
  const step = steps.length === 1 ? steps[0] : await pickStep(steps);
  if (step === undefined) return;
  const text = await forkedText(run);
  if (text !== undefined) await training.fork(run, step, text);
}

async function pickStep(steps: readonly number[]): Promise<number | undefined> {
  const items = steps.map(step => ({ label: vscode.l10n.t('Step {0}', step), step }));
  const placeHolder = vscode.l10n.t('Branch off at which step?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.step;
}

/** The model of the fork: its snapshot with another learning rate, or the file as it is now. */
async function forkedText({ record }: StoredRun): Promise<string | undefined> {
  const rate = parseModel(record.model).draft?.optimizer.learningRate;
  const change = { label: vscode.l10n.t('With another learning rate…'), description: String(rate ?? '') };
  const file = {
    label: vscode.l10n.t('With the model as it is now'),
    description: vscode.l10n.t('the same layers; everything else may have changed'),
  };
  const chosen = await vscode.window.showQuickPick([change, file], {
    placeHolder: vscode.l10n.t('What is different?'),
  });
  if (chosen === file) return (await vscode.workspace.openTextDocument(record.modelPath)).getText();
  if (chosen !== change) return undefined;
  const typed = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Learning rate of the fork'),
    value: String(rate ?? ''),
    validateInput: text =>
      Number(text) > 0 && Number(text) <= 1000 ? undefined : vscode.l10n.t('A number above 0, at most 1000.'),
  });
  if (typed === undefined) return undefined;
  const path = ['optimizer', 'learningRate'];
  return applyTextEdits(record.model, textEdits(record.model, { kind: 'setValue', path, value: Number(typed) }));
}

async function writeNote(
  { started, note = '' }: { readonly started: string; readonly note?: string | undefined },
  write: (note: string) => Promise<void>,
): Promise<void> {
  const typed = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Note on what began {0}', timeText(started)),
    value: note,
  });
  if (typed !== undefined) await write(typed);
}

/** The model as the run began with it, beside the file as it is now. */
async function compareSettings({ record, folder }: StoredRun): Promise<void> {
  const title = vscode.l10n.t('{0}: run of {1} ↔ now', modelNameOf(record), timeText(record.started));
  await vscode.commands.executeCommand(
    'vscode.diff',
    runSnapshotUri(folder, record),
    runSnapshotUri(vscode.Uri.file(record.modelPath), record, 'now'),
    title,
  );
}

async function exportWeights({ folder, record }: StoredRun): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(record.modelPath), '..', `${modelNameOf(record)}.safetensors`),
    filters: { safetensors: ['safetensors'] },
  });
  if (target)
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(folder, 'final.safetensors'), target, { overwrite: true });
}

/** Into the trash, from which it can be taken back. */
async function deleteFolder(
  { folder }: { readonly folder: vscode.Uri },
  title: string,
  kept: { readonly refresh: () => void },
): Promise<void> {
  const remove = vscode.l10n.t('Move to Trash');
  const question = vscode.l10n.t('Move to the trash: {0}?', title);
  if ((await vscode.window.showWarningMessage(question, remove)) !== remove) return;
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
  } catch {
    // A server has no trash.
    const now = vscode.l10n.t('Delete');
    const final = vscode.l10n.t('There is no trash here. Delete for good: {0}?', title);
    if ((await vscode.window.showWarningMessage(final, now)) !== now) return;
    await vscode.workspace.fs.delete(folder, { recursive: true });
  }
  kept.refresh();
}
