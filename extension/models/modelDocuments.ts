import * as vscode from 'vscode';
import { checkWidths } from '../../engine/model/check.ts';
import type { Issue } from '../../engine/model/issues.ts';
import { locateFindings, parseModel } from '../../engine/model/parse.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { Diagnosis } from '../../engine/protocol/diagnosis.ts';
import type { DataDescription } from '../../engine/protocol/trainer.ts';
import { keyOf, type Diagnoses } from '../diagnosis/diagnoses.ts';
import type { DataDescriptions } from './dataDescriptions.ts';
import { isModelFile } from './modelFiles.ts';

/** An open model file: its text is the truth, this is what the text says. */
export class ModelDocument {
  readonly document: vscode.TextDocument;
  /** The model of the text as it is now; undefined while an error stands in it. */
  model: Model | undefined;
  /** What can be drawn of the text as it is now, errors of meaning included. */
  draft: Model | undefined;
  /** The last model that could be drawn. */
  lastDraft: Model | undefined;
  issues: readonly Issue[] = [];
  data: DataDescription | undefined;
  dataError: string | undefined;
  /** What a pass on real data has found in the model as it is now; undefined until it has. */
  diagnosis: Diagnosis | undefined;
  #diagnosed: string | undefined;

  constructor(document: vscode.TextDocument) {
    this.document = document;
    this.read();
  }

  /** Reads the text again. */
  read(): void {
    const text = this.document.getText();
    const { model, draft, issues } = parseModel(text);
    this.model = model;
    this.draft = draft;
    this.lastDraft = draft ?? this.lastDraft;
    if (!model || keyOf(model) !== this.#diagnosed) this.diagnosis = undefined;
    const widths =
      model && this.data && this.dataError === undefined ? missingWidths(text, model, this.data, issues) : [];
    this.issues = [...issues, ...widths, ...locateFindings(text, this.diagnosis?.findings ?? [])];
  }

  /** Takes over what was found in `model`, if the text still says the same. */
  diagnose(model: Model, diagnosis: Diagnosis): void {
    this.diagnosis = diagnosis;
    this.#diagnosed = keyOf(model);
    this.read();
  }

  /** The first error of the text, which is what stands in the way of training. */
  get firstError(): Issue | undefined {
    return this.issues.find(({ severity }) => severity === 'error');
  }
}

/** What only the data can tell: whether the last layer fits them. */
function missingWidths(
  text: string,
  model: Model,
  { inputs, outputs }: DataDescription,
  known: readonly Issue[],
): Issue[] {
  if (known.some(({ code }) => code === 'shape-mismatch')) return [];
  return locateFindings(text, checkWidths(model, { inputs, outputs }));
}

const isOnDisk = ({ document: { uri } }: ModelDocument): boolean => uri.scheme === 'file';

/** Every open model document, read anew on each change of its text or its data. */
export class ModelDocuments implements vscode.Disposable {
  readonly #models = new Map<string, ModelDocument>();
  readonly #descriptions: DataDescriptions;
  readonly #diagnoses: Diagnoses;
  readonly #changed = new vscode.EventEmitter<ModelDocument>();
  readonly #closed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChange = this.#changed.event;
  readonly onDidClose = this.#closed.event;

  constructor(descriptions: DataDescriptions, diagnoses: Diagnoses) {
    this.#descriptions = descriptions;
    this.#diagnoses = diagnoses;
    const dataFiles = vscode.workspace.createFileSystemWatcher('**/*.{csv,tsv,txt}');
    const describeAll = () => {
      for (const model of this.#models.values()) this.#describe(model);
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      this.#closed,
      dataFiles,
      dataFiles.onDidChange(describeAll),
      dataFiles.onDidCreate(describeAll),
      dataFiles.onDidDelete(describeAll),
      vscode.workspace.onDidGrantWorkspaceTrust(describeAll),
      vscode.workspace.onDidOpenTextDocument(document => this.#open(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        const closed = this.#models.get(uri.toString());
        if (!closed) return;
        this.#models.delete(uri.toString());
        this.#diagnoses.forget(closed.document);
        this.#closed.fire(uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const model = this.#models.get(document.uri.toString());
        if (!model || contentChanges.length === 0) return;
        model.read();
        this.#changed.fire(model);
        this.#describe(model);
      }),
    );
    vscode.workspace.textDocuments.forEach(document => this.#open(document));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  get all(): Iterable<ModelDocument> {
    return this.#models.values();
  }

  /** The model of a document, reading it if it is new. */
  of(document: vscode.TextDocument): ModelDocument {
    return this.#models.get(document.uri.toString()) ?? this.#add(document);
  }

  #open(document: vscode.TextDocument): void {
    if (isModelFile(document.uri)) this.#add(document);
  }

  #add(document: vscode.TextDocument): ModelDocument {
    const model = new ModelDocument(document);
    this.#models.set(document.uri.toString(), model);
    this.#changed.fire(model);
    this.#describe(model);
    return model;
  }

  /** Asks what the data hold, unless the answer is known already. */
  #describe(model: ModelDocument): void {
    if (!model.model) return;
    this.#descriptions.request(model.document, model.model, answer => {
      // After an error the last good description still says what columns there are.
      model.data = answer.description ?? model.data;
      model.dataError = answer.error;
      model.read();
      this.#changed.fire(model);
      // Other data may have other illnesses.
      this.#diagnoses.forget(model.document);
      this.#diagnose(model);
    });
    this.#diagnose(model);
  }

  /** Has the model examined as soon as its data are known. */
  #diagnose(document: ModelDocument): void {
    const { model } = document;
    if (!model || !document.data || document.dataError !== undefined || document.firstError) return;
    this.#diagnoses.request(document.document, model, diagnosis => {
      // Nobody mends a version from history; its first weights are what there is to see.
      document.diagnose(model, isOnDisk(document) ? diagnosis : { ...diagnosis, findings: [] });
      this.#changed.fire(document);
    });
  }
}
