import path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { contestant } from '../../engine/model/experiments/contestants.ts';
import {
  bestRate,
  candidateRates,
  tuningEpochs,
  type RateTrial,
} from '../../engine/model/experiments/learningRates.ts';
import { textWith } from '../../engine/model/experiments/variant.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { ExperimentKind } from '../../engine/protocol/experiment.ts';
import type { ComparisonSetup, ExperimentSetup, SetupState } from '../../engine/protocol/experimentViews.ts';
import { applySettings } from '../models/applyModelEdit.ts';
import type { ModelDocument, ModelDocuments } from '../models/modelDocuments.ts';
import { fileNameOf, modelTitle } from '../models/modelFiles.ts';
import { preferredBackend } from '../training/devicesItem.ts';
import type { ProcessStarter } from '../training/trainingProcess.ts';
import { Experiment } from './experiment.ts';
import { newExperimentFolder, readRecord, savedExperiments } from './experimentFiles.ts';
import { sideBySide, type Job } from './lanes.ts';
import { firstSetup, followModel, planOf, setupOf, setupState } from './setups.ts';

/** Milliseconds between two looks at an experiment that somebody else does. */
const followInterval = 5000;

/** The comparison or the sweep of one model: what the user has chosen, and the experiment that is shown. */
export class Laboratory implements vscode.Disposable {
  readonly kind: ExperimentKind;
  readonly experiment: Experiment;
  readonly #models: ModelDocuments;
  #uri: vscode.Uri;
  readonly #setupChanged = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable;
  #setup: ExperimentSetup | undefined;
  /** The model that the setup was made for. */
  #model: Model | undefined;
  #document: ModelDocument | undefined;
  #prepared: Promise<void> | undefined;
  #following: NodeJS.Timeout | undefined;

  readonly onDidChangeSetup = this.#setupChanged.event;

  constructor(uri: vscode.Uri, kind: ExperimentKind, models: ModelDocuments, startProcess: ProcessStarter) {
    this.#uri = uri;
    this.kind = kind;
    this.#models = models;
    this.experiment = new Experiment(startProcess);
    this.#subscriptions = vscode.Disposable.from(
      models.onDidChange(changed => {
        if (changed.document.uri.toString() !== this.#uri.toString()) return;
        this.#document = changed;
        this.#follow();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#setupChanged.fire(undefined)),
      this.experiment.onDidFailToWrite(
        reason =>
          void vscode.window.showWarningMessage(
            vscode.l10n.t('{0}: the results cannot be kept ({1}). The runs go on.', fileNameOf(this.uri), reason),
          ),
      ),
    );
  }

  dispose(): void {
    clearTimeout(this.#following);
    this.#subscriptions.dispose();
    this.experiment.dispose();
    this.#setupChanged.dispose();
  }

  get uri(): vscode.Uri {
    return this.#uri;
  }

  /** The file of the model has another name now. */
  async follow(uri: vscode.Uri): Promise<void> {
    this.#uri = uri;
    this.experiment.moveModel(uri.fsPath);
    this.#document = this.#models.of(await vscode.workspace.openTextDocument(uri));
    this.#follow();
  }

  /** Reads the model and, the first time, what was kept of the last experiment. */
  prepare(): Promise<void> {
    return (this.#prepared ??= this.#prepare());
  }

  async #prepare(): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.uri);
    this.#document = this.#models.of(document);
    this.#follow();
    const [latest] = await this.saved();
    if (latest) await this.open(latest.folder);
  }

  get setup(): SetupState {
    return setupState(modelTitle(this.uri), this.#setup, this.#model, {
      problem: this.#problem,
      preferred: preferredBackend(),
    });
  }

  changeSetup(setup: ExperimentSetup): void {
    if (setup.kind !== this.kind) return;
    this.#setup = setup;
    this.#setupChanged.fire(undefined);
  }

  async run(): Promise<void> {
    const [setup, text] = [this.#setup, this.#document?.document.getText()];
    const model = this.#ready();
    if (!setup || !model || text === undefined) return;
    await this.#telling(async () => {
      const plan = planOf(setup, model, text);
      const keep = vscode.workspace.getConfiguration('mlpStudio', this.uri).get<boolean>('runs.keep', true);
      const folder = keep ? newExperimentFolder(this.uri.fsPath, model.name, this.kind) : undefined;
      await this.experiment.run(plan, this.uri.fsPath, folder);
    });
  }

  /** Goes on with the shown experiment where it stopped or was cut off, whatever the model says by now. */
  async resume(): Promise<void> {
    const obstacle = this.#obstacle ?? elsewhereOnly(this.experiment);
    if (obstacle !== undefined) void vscode.window.showErrorMessage(obstacle);
    else await this.#telling(() => this.experiment.resume(this.uri.fsPath));
  }

  /** The range test for every checked optimizer. */
  async tune(): Promise<void> {
    const [setup, text] = [this.#setup, this.#document?.document.getText()];
    const model = this.#ready();
    if (setup?.kind !== 'comparison' || !model || text === undefined) return;
    const trials = new Map<string, RateTrial[]>();
    const names = setup.contestants.filter(({ checked }) => checked).map(({ name }) => name);
    const jobs = names.flatMap(name =>
      candidateRates.map((learningRate): Job => {
        const settings = [
          ...contestant(name, model, learningRate).settings,
          { path: ['training', 'epochs'], value: tuningEpochs(model) },
        ];
        const note = (loss?: number) => {
          trials.set(name, [...(trials.get(name) ?? []), { learningRate, ...(loss !== undefined && { loss }) }]);
        };
        return {
          launch: trainer =>
            trainer.start({
              source: { path: this.uri.fsPath, text: textWith(text, settings) },
              ...{ preferredBackend: preferredBackend(), ...sideBySide },
            }),
          receive: events => {
            const end = events.find(event => event.event === 'end');
            const sound = end && end.reason !== 'diverged' && end.reason !== 'failed';
            if (end) note(sound ? end.metrics.train?.loss : undefined);
          },
          fail: () => note(),
        };
      }),
    );
    if ((await this.experiment.tune(jobs)) && this.#setup?.kind === 'comparison')
      this.changeSetup(tuned(this.#setup, trials));
  }

  /** Writes the settings of a variant into the model, in one undo step. */
  async useVariant(index: number): Promise<void> {
    const variant = this.experiment.record?.variants[index];
    if (!variant) return;
    await this.#telling(async () => applySettings(await vscode.workspace.openTextDocument(this.uri), variant.settings));
  }

  /** Follows an experiment that another window or a command line does: called when files have changed, and by the clock. */
  async readAgain(): Promise<void> {
    clearTimeout(this.#following);
    const { folder, record, phase } = this.experiment;
    if (phase !== 'idle' || folder === undefined || record?.status !== 'running') return;
    const now = await readRecord(folder, this.kind);
    if (now) await this.experiment.open(folder, now);
    this.#followOthers();
  }

  /** Files may not be watched everywhere, and an owner that is killed changes none. */
  #followOthers(): void {
    clearTimeout(this.#following);
    if (this.experiment.record?.status === 'running')
      this.#following = setTimeout(() => void this.readAgain(), followInterval);
  }

  saved(): ReturnType<typeof savedExperiments> {
    return this.#model && this.uri.scheme === 'file'
      ? savedExperiments(this.uri.fsPath, this.#model.name, this.kind)
      : Promise.resolve([]);
  }

  /** Shows a kept experiment, and what it was made from. */
  async open(folder: string): Promise<void> {
    if (folder === this.experiment.folder && this.experiment.phase !== 'idle') return;
    const record = await readRecord(folder, this.kind);
    if (!record || !this.#model) return;
    if (this.experiment.phase !== 'idle') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('{0} is at work. Stop it, or wait, to see earlier results.', fileNameOf(this.uri)),
      );
      return;
    }
    await this.experiment.open(folder, record);
    this.#followOthers();
    this.changeSetup(setupOf(record, this.#model));
  }

  /** Takes over a change of the model. */
  #follow(): void {
    const model = this.#document?.model;
    if (model) {
      this.#setup =
        this.#setup && this.#model ? followModel(this.#setup, this.#model, model) : firstSetup(this.kind, model);
      this.#model = model;
    }
    this.#setupChanged.fire(undefined);
  }

  /** Why nothing can run here at all. */
  get #obstacle(): string | undefined {
    if (!vscode.workspace.isTrusted)
      return vscode.l10n.t('Training is off in Restricted Mode. Trust this workspace to train.');
    if (this.uri.scheme !== 'file')
      return vscode.l10n.t('{0} is not a file on disk. Save it in a folder to train it.', fileNameOf(this.uri));
    return undefined;
  }

  /** Why nothing can run now. */
  get #problem(): string | undefined {
    const obstacle = this.#obstacle;
    if (obstacle !== undefined) return obstacle;
    const error = this.#document?.firstError;
    return error && `${fileNameOf(this.uri)}:${error.line}:${error.column}: ${error.message}`;
  }

  /** The model when it can be trained; else the user is told why not. */
  #ready(): Model | undefined {
    const problem = this.#problem;
    if (problem !== undefined) void vscode.window.showErrorMessage(problem);
    return problem === undefined ? this.#document?.model : undefined;
  }

  async #telling(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      void vscode.window.showErrorMessage(`${path.basename(this.uri.fsPath)}: ${EngineError.from(thrown).message}`);
    }
  }
}

/** Why an experiment can only go on where it was begun: its runs need what only the command line can say. */
const elsewhereOnly = ({ record, folder }: Experiment): string | undefined =>
  record?.trainOptions &&
  vscode.l10n.t(
    'It was begun on the command line with {0}. Resume it there: mlp-studio compare --resume {1}',
    record.trainOptions.join(' '),
    folder ?? '',
  );

/** Everybody with the rate of the test; who diverged at every rate keeps the old one. */
const tuned = (setup: ComparisonSetup, trials: ReadonlyMap<string, RateTrial[]>): ComparisonSetup => ({
  ...setup,
  rates: 'tuned',
  contestants: setup.contestants.map(entry => {
    const found = trials.get(entry.name)?.toSorted((a, b) => a.learningRate - b.learningRate);
    return found ? { ...entry, learningRate: bestRate(found) ?? entry.learningRate, trials: found } : entry;
  }),
});
