import * as vscode from 'vscode';
import type { ActiveModel } from './activeModel.ts';
import type { ModelDocuments } from './models/modelDocuments.ts';
import type { NewModels } from './models/newModels.ts';
import type { Tables } from './models/tables.ts';
import type { ExperimentPanels } from './experiments/experimentPanels.ts';
import { fileNameOf, openAsText, openInDesigner } from './models/modelFiles.ts';
import type { ExplainPanels } from './explain/explainPanels.ts';
import type { LabPanel } from './lab/labPanel.ts';
import type { Run } from './training/run.ts';
import type { Runs } from './training/runs.ts';
import type { Training } from './training/training.ts';
import type { TrainingPanels } from './training/trainingPanels.ts';

export interface CommandOptions {
  readonly active: ActiveModel;
  readonly models: ModelDocuments;
  readonly tables: Tables;
  readonly newModels: NewModels;
  readonly runs: Runs;
  readonly training: Training;
  readonly panels: TrainingPanels;
  readonly lab: LabPanel;
  readonly experiments: ExperimentPanels;
  readonly explanations: ExplainPanels;
}

/** Every command of the palette and of the editor's title bar. */
export function registerCommands({
  active,
  models,
  tables,
  newModels,
  runs,
  training,
  panels,
  lab,
  experiments,
  explanations,
}: CommandOptions): vscode.Disposable {
  /** A command about a model: the one given, the one looked at, or the one picked. */
  const onModel = (name: string, act: (uri: vscode.Uri) => unknown) =>
    vscode.commands.registerCommand(`mlpStudio.${name}`, async (given: unknown) => {
      const uri = await active.find(given);
      if (uri) await act(uri);
    });
  /** A command about a training: that of the model given or looked at, else the one that runs. */
  const onRun = (name: string, act: (run: Run) => Promise<void>) =>
    vscode.commands.registerCommand(`mlpStudio.${name}`, async (given: unknown) => {
      const named = runs.find(given instanceof vscode.Uri ? given : active.uri);
      const run = named?.isBusy ? named : await pickRun(runs.busy);
      if (run) await act(run);
    });
  return vscode.Disposable.from(
    onModel('train', uri => training.train(uri)),
    onRun('stopTraining', run => run.stop()),
    onRun('pauseTraining', run => run.pause()),
    onRun('resumeTraining', run => run.resume()),
    vscode.commands.registerCommand('mlpStudio.stepTraining', async (given: unknown) => {
      const uri = given instanceof vscode.Uri ? given : (active.uri ?? runs.busy[0]?.uri);
      const run = runs.find(uri);
      if (run?.isBusy) await run.step();
      else if (uri) await training.train(uri, { paused: true });
    }),
    vscode.commands.registerCommand('mlpStudio.openTrainingPanel', async (given: unknown) => {
      const looked = given instanceof vscode.Uri ? given : active.uri;
      const run = runs.find(looked) ?? runs.latest;
      const uri = looked ?? (run ? undefined : await active.find(undefined));
      if (run) panels.show(run);
      else if (uri) panels.show(runs.of(uri));
    }),
    vscode.commands.registerCommand('mlpStudio.openOptimizerLab', (given: unknown) =>
      lab.show(given instanceof vscode.Uri ? given : active.uri),
    ),
    vscode.commands.registerCommand('mlpStudio.newModel', (folder: unknown) =>
      newModels.create(folder instanceof vscode.Uri ? folder : undefined),
    ),
    onModel('chooseTable', async uri => tables.choose(models.of(await vscode.workspace.openTextDocument(uri)))),
    onModel('compareOptimizers', uri => experiments.show(uri, 'comparison')),
    onModel('sweep', uri => experiments.show(uri, 'sweep')),
    onModel('showLossSurface', uri => lab.showNetwork(uri)),
    onModel('explainStep', uri => explanations.show(uri)),
    onModel('openAsText', uri => openAsText(uri)),
    onModel('openInDesigner', uri => openInDesigner(uri)),
  );
}

async function pickRun(busy: readonly Run[]): Promise<Run | undefined> {
  if (busy.length < 2) return busy[0];
  const items = busy.map(run => ({ label: fileNameOf(run.uri), description: run.status.text, run }));
  const placeHolder = vscode.l10n.t('Which training?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.run;
}

/** Keeps the context keys that show Train or Stop, Pause or Resume. */
export function registerContextKeys(active: ActiveModel, runs: Runs): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', `mlpStudio.${key}`, value);
  };
  const update = () => {
    const run = runs.find(active.uri);
    set('busy', runs.busy.length > 0);
    set('running', run?.isBusy ?? false);
    set('paused', run?.state === 'paused');
  };
  update();
  return vscode.Disposable.from(
    runs.onDidChange(update),
    vscode.window.tabGroups.onDidChangeTabs(update),
    vscode.window.tabGroups.onDidChangeTabGroups(update),
  );
}
