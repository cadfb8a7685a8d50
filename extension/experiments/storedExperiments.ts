import * as vscode from 'vscode';
import {
  cellFolder,
  cellsOf,
  recordFiles,
  type Cell,
  type ExperimentKind,
  type ExperimentRecord,
} from '../../engine/protocol/experiment.ts';
import { standings } from '../../engine/protocol/standings.ts';
import type { StoredRun, StoredRuns } from '../runs/storedRuns.ts';
import { readRecord, writeRecord, writtenRecord } from './experimentFiles.ts';

/** A comparison or a sweep on disk. */
export interface StoredExperiment {
  readonly folder: vscode.Uri;
  readonly record: ExperimentRecord;
  /** The file that it trained. */
  readonly modelPath: string;
}

/** One of its runs that has begun. */
export interface StoredCell {
  readonly cell: Cell;
  readonly run: StoredRun;
}

const patterns: Readonly<Record<ExperimentKind, string>> = {
  comparison: `**/.mlp-runs/*/*/${recordFiles.comparison.file}`,
  sweep: `**/.mlp-runs/*/*/${recordFiles.sweep.file}`,
};
const cellPattern = '**/.mlp-runs/*/*/*/run.json';
/** Experiments of a kind that are read at most. */
const maximumExperiments = 500;

/** The comparisons and sweeps that lie in the workspace, whoever made them. */
export class StoredExperiments implements vscode.Disposable {
  readonly #runs: StoredRuns;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #watchers = [...Object.values(patterns), cellPattern].map(pattern =>
    vscode.workspace.createFileSystemWatcher(pattern),
  );
  #timer: NodeJS.Timeout | undefined;

  /** Experiments or their runs have come, gone, or changed. */
  readonly onDidChange = this.#changed.event;

  constructor(runs: StoredRuns) {
    this.#runs = runs;
    // Many runs may begin and end at once.
    const later = () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.refresh();
      }, 500);
    };
    for (const watcher of this.#watchers) {
      watcher.onDidCreate(later);
      watcher.onDidChange(later);
      watcher.onDidDelete(later);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.dispose();
    this.#changed.dispose();
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async all(): Promise<StoredExperiment[]> {
    const found = await Promise.all((['comparison', 'sweep'] as const).map(kind => this.#ofKind(kind)));
    return found.flat();
  }

  async #ofKind(kind: ExperimentKind): Promise<StoredExperiment[]> {
    const files = await vscode.workspace.findFiles(patterns[kind], '**/node_modules/**', maximumExperiments);
    const read = files.map(async file => {
      const folder = vscode.Uri.joinPath(file, '..');
      const record = await readRecord(folder.fsPath, kind);
      const modelPath = record?.modelPath;
      return record && modelPath !== undefined ? [{ folder, record, modelPath }] : [];
    });
    return (await Promise.all(read)).flat();
  }

  /** The runs of an experiment that have begun, in the order of its cells. */
  async runsOf({ folder, record, modelPath }: StoredExperiment): Promise<StoredCell[]> {
    const begun = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name));
    const cells = cellsOf(record).filter(cell => begun.has(cellFolder(record, cell)));
    const read = cells.map(async cell => {
      const run = await this.#runs.read(vscode.Uri.joinPath(folder, cellFolder(record, cell)));
      // They belong to its model, whatever that was called when they began.
      return run ? [{ cell, run: { ...run, record: { ...run.record, modelPath } } }] : [];
    });
    return (await Promise.all(read)).flat();
  }

  /** Writes the user's words about an experiment into its record. */
  setNote({ folder, record }: StoredExperiment, note: string): Promise<void> {
    return this.#write(folder, { ...record, note });
  }

  /** The record of an experiment shall name its model so. */
  async setModelPath({ folder, record }: StoredExperiment, modelPath: string): Promise<void> {
    const written = await writtenRecord(folder.fsPath, record.kind);
    if (written.modelPath !== modelPath) await this.#write(folder, { ...record, modelPath });
  }

  async #write(folder: vscode.Uri, record: ExperimentRecord): Promise<void> {
    await writeRecord(folder.fsPath, record);
    this.refresh();
  }
}

/** `14 of 21 runs`, and who leads the ranking with which best loss, from what the record says. */
export function summaryOf({ record }: StoredExperiment): string {
  const { variants, seeds, results, note } = record;
  const over = results.filter(({ reason }) => reason !== 'stopped').length;
  const finished = results.map(result => ({ result, points: [] }));
  const [best] = standings(finished, undefined);
  const progress = vscode.l10n.t('{0} of {1} runs', over, variants.length * seeds.length);
  const winner = best && `${variants[best.variant]?.name ?? ''} ${best.bestLoss.mean.toPrecision(3)}`;
  return [progress, winner, note].filter(Boolean).join(' · ');
}
