import type * as vscode from 'vscode';
import type { Model } from '../../engine/model/schema.ts';
import type { Diagnosis } from '../../engine/protocol/diagnosis.ts';
import type { ProcessStarter, TrainingProcess } from '../training/trainingProcess.ts';

/** Milliseconds that a model must have rested before a process examines it. */
const restMilliseconds = 500;

type ExaminedDocument = Pick<vscode.TextDocument, 'uri' | 'getText'>;

interface Pending {
  readonly key: string;
  timer?: NodeJS.Timeout;
  process?: TrainingProcess;
}

/** Examines models in short-lived processes: one pass on their data, before anybody trains them. */
export class Diagnoses implements vscode.Disposable {
  readonly #start: ProcessStarter;
  readonly #mayExamine: () => boolean;
  readonly #latest = new Map<string, Pending>();

  /** `mayExamine` says whether the machine is free for it: the first numbers of a training come before. */
  constructor(start: ProcessStarter, mayExamine: () => boolean) {
    this.#start = start;
    this.#mayExamine = mayExamine;
  }

  dispose(): void {
    for (const pending of this.#latest.values()) cancel(pending);
    this.#latest.clear();
  }

  /**
   * Calls `answer` once `model` has been examined, unless something else is asked of its document first. Does nothing when
   * the same was asked last time.
   */
  request(document: ExaminedDocument, model: Model, answer: (diagnosis: Diagnosis) => void): void {
    const uri = document.uri.toString();
    const key = keyOf(model);
    const previous = this.#latest.get(uri);
    if (previous?.key === key) return;
    if (previous) cancel(previous);
    const pending: Pending = { key };
    const examineSoon = () => {
      pending.timer = setTimeout(() => {
        if (this.#mayExamine()) void this.#examine(document, pending, answer);
        else examineSoon();
      }, restMilliseconds);
    };
    examineSoon();
    this.#latest.set(uri, pending);
  }

  /** What was asked of a document no longer counts; the next request is answered anew. */
  forget({ uri }: ExaminedDocument): void {
    const pending = this.#latest.get(uri.toString());
    if (pending) cancel(pending);
    this.#latest.delete(uri.toString());
  }

  async #examine(document: ExaminedDocument, pending: Pending, answer: (diagnosis: Diagnosis) => void): Promise<void> {
    const process = this.#start({ events: () => undefined, responsive: () => undefined });
    pending.process = process;
    try {
      const source = { path: document.uri.fsPath, text: document.getText() };
      const diagnosis = await process.trainer.diagnose(source);
      if (this.#latest.get(document.uri.toString()) === pending) answer(diagnosis);
    } catch {
      // Data that cannot be read and widths that do not fit are said by those who look for them.
    } finally {
      process.dispose();
    }
  }
}

/** Whether two models would be found to be the same; their name does not matter. */
export const keyOf = (model: Model): string => JSON.stringify({ ...model, name: '', $schema: '' });

function cancel({ timer, process }: Pending): void {
  clearTimeout(timer);
  process?.dispose();
}
