import path from 'node:path';
import * as vscode from 'vscode';
import { textWith } from '../../engine/model/experiments/variant.ts';
import {
  cellFolder,
  cellsOf,
  isUnfinished,
  type Cell,
  type ExperimentPlan,
  type ExperimentRecord,
} from '../../engine/protocol/experiment.ts';
import type { CellUpdate, ExperimentPhase, ExperimentProgress } from '../../engine/protocol/experimentViews.ts';
import { RunTally, type CurvePoint } from '../../engine/protocol/runTally.ts';
import { thisProcess } from '../runs/owners.ts';
import { preferredBackend } from '../training/devicesItem.ts';
import type { ProcessStarter } from '../training/trainingProcess.ts';
import type { WatchedTrainings } from '../training/watchedTraining.ts';
import { ExperimentWays } from './experimentWays.ts';
import { hasBegun, readRecord, readTallies, writeRecord } from './experimentFiles.ts';
import { Lanes, sideBySide, type Job } from './lanes.ts';

/** Milliseconds between two messages to the panel. */
const progressInterval = 100;

/** The experiment of one model that is shown: it runs, it is over, or it has been opened again. */
export class Experiment implements vscode.Disposable {
  readonly #startProcess: ProcessStarter;
  readonly #reset = new vscode.EventEmitter<undefined>();
  readonly #progress = new vscode.EventEmitter<readonly CellUpdate[]>();
  readonly #phaseChanged = new vscode.EventEmitter<undefined>();
  readonly #troubled = new vscode.EventEmitter<string>();
  #record: ExperimentRecord | undefined;
  #folder: string | undefined;
  #tallies: RunTally[] = [];
  /** Runs whose process does not respond. */
  readonly #silent = new Set<number>();
  #lanes: Lanes | undefined;
  #ways: ExperimentWays | undefined;
  #phase: ExperimentPhase = 'idle';
  #trials = { done: 0, total: 0 };
  /** New points of each cell since the last message. */
  #pending = new Map<number, CurvePoint[]>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #writeFailed = false;

  /** Another experiment is shown now. */
  readonly onDidReset = this.#reset.event;
  readonly onDidProgress = this.#progress.event;
  readonly onDidChangePhase = this.#phaseChanged.event;
  /** The results cannot be kept; carries why. */
  readonly onDidFailToWrite = this.#troubled.event;

  constructor(startProcess: ProcessStarter) {
    this.#startProcess = startProcess;
  }

  get record(): ExperimentRecord | undefined {
    return this.#record && { ...this.#record, results: this.#tallies.flatMap(({ result }) => result ?? []) };
  }

  /** Where the shown experiment is kept; undefined when it is not. */
  get folder(): string | undefined {
    return this.#folder;
  }

  get phase(): ExperimentPhase {
    return this.#phase;
  }

  /** How far it is: how many runs, or trials while tuning, are over. */
  get progress(): ExperimentProgress {
    const over = this.#tallies.filter(({ result }) => result && result.reason !== 'stopped').length;
    const status = this.#record?.status;
    return {
      phase: this.#phase,
      ...(this.#trials.total > 0 ? this.#trials : { done: over, total: this.#tallies.length }),
      ...(status && { status }),
      resumable:
        this.#phase === 'idle' &&
        this.#folder !== undefined &&
        status !== 'running' &&
        this.#tallies.some(({ result }) => isUnfinished(result)),
      silent: [...this.#silent],
    };
  }

  /** Asked anew, since the phase may change while something is awaited. */
  get #busy(): boolean {
    return this.#phase !== 'idle';
  }

  /** The trainings of the first seed, for whoever draws their ways; undefined unless a comparison runs. */
  get watched(): WatchedTrainings | undefined {
    if (this.#phase !== 'running' || this.#record?.kind !== 'comparison' || !this.#ways) return undefined;
    return {
      text: textWith(this.#record.model, [{ path: ['seed'], value: this.#record.seeds[0] ?? 0 }]),
      trainings: this.#ways.trainings,
      fromSeed: true,
      onDidChange: listener => this.#phaseChanged.event(listener),
      isOver: () => this.#phase === 'idle',
    };
  }

  /** Everything there is to draw. */
  get cells(): CellUpdate[] {
    return this.#tallies.map(({ points, result }, cell) => ({ cell, points: this.#drawn(points), result }));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#lanes?.dispose();
    this.#ways?.dispose();
    for (const emitter of [this.#reset, this.#progress, this.#phaseChanged, this.#troubled]) emitter.dispose();
  }

  /** Runs every cell of a plan; nothing is kept without a folder. Settles when it is over. */
  async run(plan: ExperimentPlan, modelPath: string, folder: string | undefined): Promise<void> {
    if (this.#phase !== 'idle') return;
    const tallies = cellsOf(plan).map(cell => new RunTally(cell));
    const started = new Date().toISOString();
    await this.#runMissing({ ...plan, modelPath, started, status: 'running', results: [] }, modelPath, folder, tallies);
  }

  /** Does the runs that are missing, those that were cut off from where they were. Settles when it is over. */
  async resume(modelPath: string): Promise<void> {
    const [folder, kind] = [this.#folder, this.#record?.kind];
    if (!this.progress.resumable || folder === undefined || !kind) return;
    // What is on disk may be newer: somebody else may be at work by now, or a note has been written.
    const record = await readRecord(folder, kind);
    if (!record || record.status === 'running') return;
    const known = await readTallies(folder, record);
    if (this.#busy) return;
    const tallies = cellsOf(record).map((cell, i) => {
      const tally = known[i];
      return tally && !isUnfinished(tally.result) ? tally : new RunTally(cell);
    });
    await this.#runMissing({ ...record, modelPath }, modelPath, folder, tallies);
  }

  async #runMissing(
    record: ExperimentRecord,
    modelPath: string,
    folder: string | undefined,
    tallies: RunTally[],
  ): Promise<void> {
    this.#ways?.dispose();
    this.#ways = new ExperimentWays(record);
    const jobs = cellsOf(record).flatMap((cell, i) =>
      tallies[i]?.result ? [] : this.#jobOf(record, cell, i, modelPath, folder),
    );
    this.#show({ ...record, status: 'running', owner: thisProcess() }, folder, tallies);
    this.#write();
    await this.#work('running', jobs);
    if (!this.#record) return;
    const completed = this.#tallies.every(({ result }) => result && result.reason !== 'stopped');
    this.#record = { ...this.#record, status: completed ? 'completed' : 'stopped', owner: undefined };
    this.#write();
    await this.#writing;
    this.#setPhase('idle');
  }

  /** One run: begun with its settings laid over the model, or taken up where it was cut off. */
  #jobOf(plan: ExperimentPlan, cell: Cell, index: number, begunAs: string, folder: string | undefined): Job {
    const settings = [...(plan.variants[cell.variant]?.settings ?? []), { path: ['seed'], value: cell.seed }];
    const runDirectory = folder === undefined ? undefined : path.join(folder, cellFolder(plan, cell));
    return {
      launch: trainer => {
        const modelPath = this.#record?.modelPath ?? begunAs;
        return runDirectory !== undefined && hasBegun(runDirectory)
          ? trainer.resumeRun({ folder: runDirectory, modelPath, ...sideBySide })
          : trainer.start({
              source: { path: modelPath, text: textWith(plan.model, settings) },
              ...{ runDirectory, preferredBackend: preferredBackend(), ...sideBySide },
            });
      },
      ...(cell.seed === plan.seeds[0] && this.#ways?.of(cell.variant)),
      receive: events => this.#receive(index, tally => tally.add(events)),
      fail: message => this.#receive(index, tally => (tally.fail('failed', message), [])),
      responsive: value => this.#heartbeat(index, value),
    };
  }

  /** Does trainings that are not part of the experiment. Settles when they are over; true unless they were stopped. */
  async tune(jobs: readonly Job[]): Promise<boolean> {
    if (this.#phase !== 'idle') return false;
    this.#trials = { done: 0, total: jobs.length };
    const counted = jobs.map(job => ({
      ...job,
      receive: (events: Parameters<Job['receive']>[0]) => {
        job.receive(events);
        if (events.some(({ event }) => event === 'end')) this.#countTrial();
      },
      fail: (message: string) => {
        job.fail(message);
        this.#countTrial();
      },
    }));
    await this.#work('tuning', counted);
    const finished = this.phase === 'tuning';
    this.#trials = { done: 0, total: 0 };
    this.#setPhase('idle');
    return finished;
  }

  /** The file of the model has another name now; runs that are still to begin are called after it. */
  moveModel(modelPath: string): void {
    if (!this.#record) return;
    this.#record = { ...this.#record, modelPath };
    if (this.#busy) this.#write();
  }

  stop(): void {
    if (this.#phase !== 'running' && this.#phase !== 'tuning') return;
    this.#setPhase('stopping');
    this.#lanes?.stop();
  }

  /** Shows a kept experiment. */
  async open(folder: string, record: ExperimentRecord): Promise<void> {
    const tallies = await readTallies(folder, record);
    if (this.#busy) return;
    this.#show(record, folder, tallies);
    this.#phaseChanged.fire(undefined);
  }

  #show(record: ExperimentRecord, folder: string | undefined, tallies: RunTally[]): void {
    this.#record = record;
    this.#folder = folder;
    this.#tallies = tallies;
    this.#pending.clear();
    this.#silent.clear();
    this.#writeFailed = false;
    this.#reset.fire(undefined);
  }

  async #work(phase: ExperimentPhase, jobs: readonly Job[]): Promise<void> {
    this.#lanes = new Lanes(this.#startProcess, jobs);
    this.#setPhase(phase);
    await this.#lanes.run();
    this.#lanes = undefined;
    this.#flush();
  }

  #receive(cell: number, take: (tally: RunTally) => readonly CurvePoint[]): void {
    const tally = this.#tallies[cell];
    if (!tally) return;
    const points = [...(this.#pending.get(cell) ?? []), ...this.#drawn(take(tally))];
    this.#pending.set(cell, points);
    if (tally.result) {
      this.#silent.delete(cell);
      this.#write();
    }
    this.#timer ??= setTimeout(() => this.#flush(), progressInterval);
  }

  #heartbeat(cell: number, responsive: boolean): void {
    if (responsive) this.#silent.delete(cell);
    else this.#silent.add(cell);
    this.#phaseChanged.fire(undefined);
  }

  /** A sweep draws results alone, so its curves stay here. */
  #drawn(points: readonly CurvePoint[]): readonly CurvePoint[] {
    return this.#record?.kind === 'sweep' ? [] : points;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const updates = [...this.#pending].map(([cell, points]) => ({
      cell,
      points,
      result: this.#tallies[cell]?.result,
    }));
    this.#pending.clear();
    if (updates.length === 0) return;
    this.#progress.fire(updates);
    this.#phaseChanged.fire(undefined);
  }

  #countTrial(): void {
    this.#trials = { ...this.#trials, done: this.#trials.done + 1 };
    this.#phaseChanged.fire(undefined);
  }

  #setPhase(phase: ExperimentPhase): void {
    this.#phase = phase;
    this.#phaseChanged.fire(undefined);
  }

  /** Writes what is known by now; one write waits for the other, and a refusal is told once. */
  #write(): void {
    const [folder, record] = [this.#folder, this.record];
    if (folder === undefined || !record) return;
    this.#writing = this.#writing
      .then(() => writeRecord(folder, record))
      .catch((error: unknown) => {
        if (!this.#writeFailed) this.#troubled.fire(error instanceof Error ? error.message : String(error));
        this.#writeFailed = true;
      });
  }
}
