import { statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { readsFiles, sourceFiles } from '../../engine/model/dataSource.ts';
import { EngineError } from '../../engine/model/errors.ts';
import type { Model } from '../../engine/model/schema.ts';
import type { DataDescription, TableDescription, TableSource } from '../../engine/protocol/trainer.ts';
import type { ProcessStarter, TrainingProcess } from '../training/trainingProcess.ts';

export interface DataAnswer {
  readonly description: DataDescription | undefined;
  readonly error: string | undefined;
}

/** Milliseconds that the data settings must have rested before a process reads the data. */
const restMilliseconds = 250;

/** Nobody trains in a process that only reads. */
const silent = { events: () => undefined, responsive: () => undefined };

interface Pending {
  readonly key: string;
  readonly timer?: NodeJS.Timeout;
  process?: TrainingProcess;
}

/** Reads the data of models in short-lived processes, so that a huge file cannot hold up the editor. */
export class DataDescriptions implements vscode.Disposable {
  readonly #start: ProcessStarter;
  readonly #latest = new Map<string, Pending>();

  constructor(start: ProcessStarter) {
    this.#start = start;
  }

  dispose(): void {
    for (const pending of this.#latest.values()) cancel(pending);
    this.#latest.clear();
  }

  /**
   * Calls `answer` once the data of `model` are known. Does nothing when they were asked for last
   * time already, in a workspace that is not trusted, and for files beside a version that is not on disk.
   */
  request(document: vscode.TextDocument, model: Model, answer: (answer: DataAnswer) => void): void {
    if (!vscode.workspace.isTrusted || (document.uri.scheme !== 'file' && readsFiles(model))) return;
    const uri = document.uri.toString();
    const key = keyOf(document.uri.fsPath, model);
    const previous = this.#latest.get(uri);
    if (previous?.key === key) return;
    if (previous) cancel(previous);
    const pending: Pending = {
      key,
      timer: setTimeout(() => void this.#describe(document, pending).then(answer, () => undefined), restMilliseconds),
    };
    this.#latest.set(uri, pending);
  }

  /** Reads a table or an array of which nothing is known yet. Throws the EngineError that says why it cannot be read. */
  async describeTable(source: TableSource): Promise<TableDescription> {
    const process = this.#start(silent);
    try {
      return await process.trainer.describeTable(source);
    } finally {
      process.dispose();
    }
  }

  async #describe(document: vscode.TextDocument, pending: Pending): Promise<DataAnswer> {
    const process = this.#start(silent);
    pending.process = process;
    try {
      const description = await process.trainer.describeData({
        path: document.uri.fsPath,
        text: document.getText(),
      });
      return { description, error: undefined };
    } catch (thrown) {
      // A newer request has taken over; its answer counts.
      if (this.#latest.get(document.uri.toString()) !== pending) throw thrown;
      return { description: undefined, error: EngineError.from(thrown).message };
    } finally {
      process.dispose();
    }
  }
}

function cancel({ timer, process }: Pending): void {
  clearTimeout(timer);
  process?.dispose();
}

/** Changes whenever the described data could. */
function keyOf(modelPath: string, { data, loss, seed }: Model): string {
  const files = sourceFiles(data.source).map(file => changeTime(path.resolve(path.dirname(modelPath), file.path)));
  return JSON.stringify([data, loss, seed, files]);
}

function changeTime(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
