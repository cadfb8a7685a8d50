import path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../../engine/model/errors.ts';
import { applyModelEdit } from '../models/applyModelEdit.ts';
import type { ModelDocuments } from '../models/modelDocuments.ts';
import { fileNameOf, openAsText } from '../models/modelFiles.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { TrainingPanels } from './trainingPanels.ts';

/** Starts trainings and tells the user what became of them. */
export class Training {
  readonly #models: ModelDocuments;
  readonly #runs: Runs;
  readonly #panels: () => TrainingPanels;

  constructor(models: ModelDocuments, runs: Runs, panels: () => TrainingPanels) {
    this.#models = models;
    this.#runs = runs;
    this.#panels = panels;
    models.onDidChange(({ document, model }) => {
      if (model) runs.find(document.uri)?.follow(model.optimizer);
    });
    runs.onDidCreate(run => run.onDidCrash(message => void this.#offerAgain(run, message)));
  }

  /** Trains the model as its text is now, saved or not. A model with an error starts nothing. */
  async train(uri: vscode.Uri): Promise<void> {
    const run = this.#runs.of(uri);
    if (run.isBusy) {
      this.#panels().show(run);
      return;
    }
    if (!vscode.workspace.isTrusted || uri.scheme !== 'file') {
      void vscode.window.showErrorMessage(
        vscode.workspace.isTrusted
          ? vscode.l10n.t('{0} is not a file on disk. Save it in a folder to train it.', fileNameOf(uri))
          : vscode.l10n.t('Training is off in Restricted Mode. Trust this workspace to train.'),
      );
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    const { model, firstError: error } = this.#models.of(document);
    if (error || !model) {
      if (error)
        await this.#offerText(uri, `${fileNameOf(uri)}:${error.line}:${error.column}: ${error.message}`, error.offset);
      return;
    }
    const keep = vscode.workspace.getConfiguration('mlpStudio', uri).get<boolean>('runs.keep', true);
    const started = run.start(
      {
        source: { path: uri.fsPath, text: document.getText() },
        ...(keep && { runsDirectory: path.join(path.dirname(uri.fsPath), '.mlp-runs') }),
      },
      model.optimizer,
    );
    this.#panels().show(run);
    try {
      await started;
    } catch (thrown) {
      const { message, place } = EngineError.from(thrown);
      const where = place ? `${[path.basename(place.file), place.line, place.column].filter(Boolean).join(':')}: ` : '';
      await this.#offerText(uri, `${where}${message}`);
    }
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
    const again = vscode.l10n.t('Train Again');
    if ((await vscode.window.showErrorMessage(`${fileNameOf(run.uri)}: ${message}`, again)) === again)
      await this.train(run.uri);
  }
}
