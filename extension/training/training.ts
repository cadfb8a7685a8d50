import path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import type { ModelSource, WeightChange } from '../../engine/protocol/trainer.ts';
import type { SampleOrigin } from '../../engine/protocol/views.ts';
import { applyModelEdit, editsApplied } from '../models/applyModelEdit.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import { fileNameOf, openAsText } from '../models/modelFiles.ts';
import type { StoredRun, StoredRuns } from '../runs/storedRuns.ts';
import { preferredBackend } from './devicesItem.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { TrainingPanels } from './trainingPanels.ts';

interface BeginOptions {
  readonly paused?: boolean;
  readonly weights?: readonly WeightChange[];
}

/** Starts trainings and tells the user what became of them. */
export class Training {
  readonly #models: ModelDocuments;
  readonly #runs: Runs;
  readonly #stored: StoredRuns;
  readonly #panels: () => TrainingPanels;
  /** The learning rate that each open model says. */
  readonly #rates = new Map<string, number>();

  constructor(models: ModelDocuments, runs: Runs, stored: StoredRuns, panels: () => TrainingPanels) {
    this.#models = models;
    this.#stored = stored;
    this.#runs = runs;
    this.#panels = panels;
    models.onDidChange(({ document, model }) => {
      if (!model) return;
      const key = document.uri.toString();
      const { learningRate } = model.optimizer;
      const before = this.#rates.get(key);
      this.#rates.set(key, learningRate);
      const rateChanged = before !== undefined && before !== learningRate;
      runs.find(document.uri)?.follow(model, { rateChanged });
    });
    runs.onDidCreate(run => run.onDidCrash(message => void this.#offerAgain(run, message)));
  }

  /**
   * Trains the model as its text is now, saved or not. A model with an error starts nothing. One that is paused stands still after its first
   * step, or before it with a weight set by hand.
   */
  async train(uri: vscode.Uri, { paused = false, weights }: BeginOptions = {}): Promise<void> {
    const run = this.#runs.of(uri);
    if (run.isBusy) {
      this.#panels().show(run);
      return;
    }
    const source = await this.#sourceOf(uri);
    if (!source) return;
    const keep = vscode.workspace.getConfiguration('mlpStudio', uri).get<boolean>('runs.keep', true);
    const request = {
      ...{ source, paused, preferredBackend: preferredBackend() },
      ...(weights && { weights: [...weights] }),
      ...(keep && { runsDirectory: runsBeside(uri) }),
    };
    await this.#begun(run, run.start(request, source.text));
  }

  /** The text of a model that may be trained, as it is now; undefined where the user has been told what stands in the way. */
  async #sourceOf(uri: vscode.Uri): Promise<ModelSource | undefined> {
    if (!this.#mayTrain(uri)) return undefined;
    const document = await vscode.workspace.openTextDocument(uri);
    await editsApplied(document);
    const { model, firstError: error } = this.#models.of(document);
    if (error)
      await this.#offerText(uri, `${fileNameOf(uri)}:${error.line}:${error.column}: ${error.message}`, error.offset);
    return error || !model ? undefined : { path: uri.fsPath, text: document.getText() };
  }

  /** Stops the training of a model, if one runs, and begins anew. */
  async restart(uri: vscode.Uri): Promise<void> {
    const run = this.#runs.find(uri);
    await run?.stop();
    if (run) await ended(run);
    await this.train(uri);
  }

  /**
   * Sets a weight of the training of a model. Where none runs, one begins with it and stands still: a branch of the last run, from the weights it has
   * left, or one from first weights.
   */
  async setWeight(uri: vscode.Uri, change: WeightChange, from: SampleOrigin): Promise<void> {
    const run = this.#runs.find(uri);
    if (!run?.isBusy) {
      const begin = { paused: true, weights: [change] };
      const folder = from === 'run' ? run?.keptFolder : undefined;
      if (!run || folder === undefined) {
        await this.train(uri, begin);
        return;
      }
      const source = await this.#sourceOf(uri);
      const request = source && { source, folder, runsDirectory: runsBeside(uri), ...begin };
      if (request) await this.#begun(run, run.fork(request, request.source.text));
      return;
    }
    try {
      await run.setWeight(change);
    } catch (thrown) {
      void vscode.window.showErrorMessage(EngineError.from(thrown).message);
    }
  }

  /** Goes on with a run exactly where it stopped or was cut off. */
  async resumeFrom({ folder, record }: Pick<StoredRun, 'folder' | 'record'>, acceptChangedData = false): Promise<void> {
    const run = this.#runs.of(vscode.Uri.file(record.modelPath));
    if (run.isBusy || !this.#mayTrain(run.uri)) return;
    const request = { folder: folder.fsPath, modelPath: run.uri.fsPath, acceptChangedData };
    await this.#begun(run, run.resumeFrom(request, record.model), async error => {
      if (error.code !== 'data-changed') return false;
      const anyway = vscode.l10n.t('Resume Anyway');
      const question = vscode.l10n.t(
        'The data have changed since this run began. The numbers will no longer be comparable.',
      );
      if ((await vscode.window.showWarningMessage(question, anyway)) === anyway)
        await this.resumeFrom({ folder, record }, true);
      return true;
    });
  }

  /** Branches off from a run at a checkpoint, with `text` as its model. */
  async fork({ folder, record }: StoredRun, step: number, text: string): Promise<void> {
    const run = this.#runs.of(vscode.Uri.file(record.modelPath));
    if (run.isBusy || !this.#mayTrain(run.uri)) return;
    const source = { path: run.uri.fsPath, text };
    const request = { source, folder: folder.fsPath, step, runsDirectory: runsBeside(run.uri) };
    await this.#begun(run, run.fork(request, text));
  }

  /** Shows the panel of a training that is about to begin, and what stands in its way. */
  async #begun(
    run: Run,
    started: Promise<void>,
    handled: (error: EngineError) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    this.#panels().show(run);
    try {
      await started;
    } catch (thrown) {
      const error = EngineError.from(thrown);
      if (await handled(error)) return;
      const { message, place } = error;
      const where = place ? `${[path.basename(place.file), place.line, place.column].filter(Boolean).join(':')}: ` : '';
      await this.#offerText(run.uri, `${where}${message}`);
    }
  }

  #mayTrain(uri: vscode.Uri): boolean {
    const problem = !vscode.workspace.isTrusted
      ? vscode.l10n.t('Training is off in Restricted Mode. Trust this workspace to train.')
      : uri.scheme !== 'file'
        ? vscode.l10n.t('{0} is not a file on disk. Save it in a folder to train it.', fileNameOf(uri))
        : undefined;
    if (problem !== undefined) void vscode.window.showErrorMessage(problem);
    return problem === undefined;
  }

  /** Changes the learning rate where it is written, in the model; a running training follows its text. */
  async setLearningRate(uri: vscode.Uri, learningRate: number): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    await applyModelEdit(document, { kind: 'setValue', path: ['optimizer', 'learningRate'], value: learningRate });
  }

  async #offerText(uri: vscode.Uri, message: string, offset?: number): Promise<void> {
    const asText = vscode.l10n.t('Open as Text');
    if ((await vscode.window.showErrorMessage(message, asText)) === asText) await openAsText(uri, offset);
  }

  async #offerAgain(run: Run, message: string): Promise<void> {
    const resume = vscode.l10n.t('Resume');
    const again = vscode.l10n.t('Train Again');
    const offers = run.isResumable ? [resume, again] : [again];
    const chosen = await vscode.window.showErrorMessage(`${fileNameOf(run.uri)}: ${message}`, ...offers);
    if (chosen === resume) await this.resumeRun(run);
    if (chosen === again) await this.train(run.uri);
  }

  /** Goes on with the training that a panel shows. */
  async resumeRun(run: Run): Promise<void> {
    const stored = run.folder === undefined ? undefined : await this.#stored.read(vscode.Uri.file(run.folder));
    if (stored) await this.resumeFrom(stored);
  }
}

const runsBeside = (uri: vscode.Uri): string => path.join(path.dirname(uri.fsPath), '.mlp-runs');

/** Resolves when nothing trains. */
const ended = (run: Run): Promise<void> =>
  new Promise(resolve => {
    const resolveIfIdle = () => {
      if (run.isBusy) return;
      listening.dispose();
      resolve();
    };
    const listening = run.onDidChangeState(resolveIfIdle);
    resolveIfIdle();
  });
