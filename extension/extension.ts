/** The extension: puts its parts together and hands them to VS Code. */
import { config } from '@vscode/l10n';
import * as vscode from 'vscode';
import { ActiveModel } from './activeModel.ts';
import { registerCommands, registerContextKeys } from './commands.ts';
import { DesignerEditors } from './designer/designerEditors.ts';
import { ExperimentPanels } from './experiments/experimentPanels.ts';
import { StoredExperiments } from './experiments/storedExperiments.ts';
import { DevicePanel } from './devices/devicePanel.ts';
import { OfferedDevice } from './devices/offeredDevice.ts';
import { Diagnoses } from './diagnosis/diagnoses.ts';
import { ExplainPanels } from './explain/explainPanels.ts';
import { GradientsView, gradientsViewId } from './gradients/gradientsView.ts';
import { LabPanel } from './lab/labPanel.ts';
import { Arrays } from './models/arrays.ts';
import { Origins } from './lab/origins.ts';
import { DataDescriptions } from './models/dataDescriptions.ts';
import { registerDiagnostics } from './models/diagnostics.ts';
import { registerCodeLenses } from './models/codeLenses.ts';
import { ModelDocuments } from './models/modelDocuments.ts';
import { FileMoves } from './models/fileMoves.ts';
import { designerViewType } from './models/modelFiles.ts';
import { Overlays } from './runs/overlays.ts';
import { registerRunCommands } from './runs/runCommands.ts';
import { registerRunSnapshots } from './runs/runSnapshots.ts';
import { keepRunsWithModels } from './runs/movedModels.ts';
import { showNewest } from './runs/newestRun.ts';
import { RunsTree, runsViewId } from './runs/runsTree.ts';
import { StoredRuns } from './runs/storedRuns.ts';
import { ModelsView } from './models/modelsView.ts';
import { NewModels } from './models/newModels.ts';
import { Tables } from './models/tables.ts';
import { preferredBackend, registerDevices } from './training/devicesItem.ts';
import { NodeChoice } from './training/nodeChoice.ts';
import type { Run } from './training/run.ts';
import { Runs } from './training/runs.ts';
import { registerStatusBar } from './training/statusBar.ts';
import { Training } from './training/training.ts';
import { TrainingPanels } from './training/trainingPanels.ts';
import { TrainingProcess, type ProcessStarter } from './training/trainingProcess.ts';

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  // Files that know nothing of VS Code take their words from the package.
  if (vscode.l10n.bundle) config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel('MLP Studio', { log: true });
  const nodes = new NodeChoice({
    isElectron: 'electron' in process.versions,
    configured: () => vscode.workspace.getConfiguration('mlpStudio').get('nodePath', ''),
    searchPath: process.env['PATH'] ?? '',
  });
  const devicePanel = new DevicePanel(extensionUri, log, () => panels.place);
  const startProcess: ProcessStarter = (listener, training) =>
    new TrainingProcess(context.asAbsolutePath('dist/process.js'), listener, log, {
      node: training && nodes.pathFor(training.backend === 'auto' ? preferredBackend() : training.backend),
      device: training?.title === undefined ? undefined : new OfferedDevice(devicePanel, training.title),
    });

  const descriptions = new DataDescriptions(startProcess);
  const tables = new Tables(descriptions);
  const arrays = new Arrays(descriptions);
  const diagnoses = new Diagnoses(startProcess, () => !runs.busy.some(({ status }) => !status.latest));
  const models = new ModelDocuments(descriptions, diagnoses);
  const moves = new FileMoves(context.workspaceState);
  const runs = new Runs(startProcess, moves);
  const stored = new StoredRuns(log);
  const overlays = new Overlays(stored);
  const storedExperiments = new StoredExperiments(stored);
  const tree = new RunsTree(stored, storedExperiments, runs, overlays.checked);
  const runsView = vscode.window.createTreeView(runsViewId, { treeDataProvider: tree, showCollapseAll: true });
  const training = new Training(models, runs, stored, () => panels);
  const train = (uri: vscode.Uri) => void training.train(uri);
  const resumeRun = (run: Run) => void training.resumeRun(run);
  const panels = new TrainingPanels({
    extensionUri,
    log,
    runs,
    stored,
    moves,
    overlays,
    train,
    resumeRun,
    setLearningRate: (uri, value) => void training.setLearningRate(uri, value),
  });
  const experiments = new ExperimentPanels({
    extensionUri,
    log,
    models,
    startProcess,
    stored: storedExperiments,
    moves,
  });
  const active = new ActiveModel(() => panels.activeModel ?? experiments.activeModel ?? explanations.activeModel);
  const designers = new DesignerEditors({
    ...{ extensionUri, log, models, tables, arrays, runs, resumeRun },
    restart: model => void training.restart(model),
    setWeight: (model, change, from) => void training.setWeight(model, change, from),
  });
  const origins = new Origins({ runs, stored, experiments });
  const findModel = () => active.find(undefined);
  const lab = new LabPanel({ extensionUri, log, models, moves, origins, startProcess, findModel });
  const highlightLayer = (model: vscode.Uri, layerId: string) => designers.highlight(model, layerId);
  const explanations = new ExplainPanels({ extensionUri, log, runs, stored, moves, startProcess, highlightLayer });
  const gradients = new GradientsView({
    extensionUri,
    log,
    runs,
    train: () => void vscode.commands.executeCommand('mlpStudio.train'),
    showNewest: () => void showNewest(runs, stored),
    revealLayer: (model, layerId) => void designers.revealLayer(model, layerId),
    highlightLayer,
    explainStep: model => explanations.show(model),
  });

  subscriptions.push(
    log,
    devicePanel,
    descriptions,
    diagnoses,
    models,
    runs,
    stored,
    storedExperiments,
    moves,
    overlays,
    runsView,
    overlays.follow(runsView, tree),
    panels,
    origins,
    lab,
    explanations,
    designers.onDidSelect(({ uri, layerId }) => gradients.select(uri, layerId)),
    keepRunsWithModels(runs, stored, storedExperiments, moves),
    registerRunSnapshots(),
    registerRunCommands({
      stored,
      runs,
      training,
      panels,
      lab,
      experiments: storedExperiments,
      panelsOfExperiments: experiments,
    }),
    experiments,
    registerDiagnostics(models),
    registerCodeLenses(),
    new ModelsView(),
    registerStatusBar(runs),
    registerDevices({ runs, startProcess, room: devicePanel, nodes }),
    registerContextKeys(active, runs),
    registerCommands({
      active,
      models,
      tables,
      newModels: new NewModels(extensionUri),
      runs,
      training,
      panels,
      lab,
      experiments,
      explanations,
    }),
    vscode.window.registerCustomEditorProvider(designerViewType, designers, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.window.registerWebviewViewProvider(gradientsViewId, gradients),
  );
}
