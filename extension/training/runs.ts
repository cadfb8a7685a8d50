import * as vscode from 'vscode';
import type { FileMoves } from '../models/fileMoves.ts';
import { Run } from './run.ts';
import type { ProcessStarter } from './trainingProcess.ts';

/** The run of each model, one a model. */
export class Runs implements vscode.Disposable {
  readonly #startProcess: ProcessStarter;
  readonly #runs = new Map<string, Run>();
  readonly #created = new vscode.EventEmitter<Run>();
  readonly #changed = new vscode.EventEmitter<Run>();
  readonly #moved = new vscode.EventEmitter<Run>();
  readonly #subscriptions: vscode.Disposable;
  #latest: Run | undefined;

  readonly onDidCreate = this.#created.event;
  /** A run changed its state, began, or said something. */
  readonly onDidChange = this.#changed.event;

  /** The model of a run has another name now. */
  readonly onDidMove = this.#moved.event;

  constructor(startProcess: ProcessStarter, moves: Pick<FileMoves, 'onDidMove'>) {
    this.#startProcess = startProcess;
    this.#subscriptions = moves.onDidMove(moved => {
      for (const run of [...this.#runs.values()]) {
        const now = moved(run.uri);
        if (now) this.#move(run, now);
      }
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const run of this.#runs.values()) run.dispose();
    this.#created.dispose();
    this.#changed.dispose();
    this.#moved.dispose();
  }

  get busy(): Run[] {
    return [...this.#runs.values()].filter(run => run.isBusy);
  }

  /** The run that began last. */
  get latest(): Run | undefined {
    return this.#latest;
  }

  /** The run of a model, if it ever had one in this window. */
  find(uri: vscode.Uri | undefined): Run | undefined {
    return uri && this.#runs.get(uri.toString());
  }

  /** The run of a model, made when there is none. */
  of(uri: vscode.Uri): Run {
    const known = this.find(uri);
    if (known) return known;
    const run = new Run(uri, this.#startProcess);
    this.#runs.set(uri.toString(), run);
    run.onDidBegin(() => {
      this.#latest = run;
      this.#changed.fire(run);
    });
    run.onDidChangeState(() => this.#changed.fire(run));
    run.onDidReceive(() => this.#changed.fire(run));
    this.#created.fire(run);
    return run;
  }

  #move(run: Run, uri: vscode.Uri): void {
    this.#runs.delete(run.uri.toString());
    run.uri = uri;
    this.#runs.set(uri.toString(), run);
    this.#moved.fire(run);
    this.#changed.fire(run);
  }
}
