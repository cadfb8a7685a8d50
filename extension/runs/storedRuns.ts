import path from 'node:path';
import * as vscode from 'vscode';
import type { Owner } from '../../engine/protocol/experiment.ts';
import type { WarningEvent } from '../../engine/protocol/events.ts';
import { runRecordSchema, type RunRecord, type RunStatus } from '../../engine/protocol/runRecord.ts';
import { modelPathNow } from './modelOfRuns.ts';
import { ownerOf } from './owners.ts';
import { readRecorded, type RecordedRun } from './recordedEvents.ts';

/** One run on disk. */
export interface StoredRun {
  readonly folder: vscode.Uri;
  readonly record: RunRecord;
  /** As it is now: a run whose process is gone is interrupted, whatever its record says. */
  readonly status: RunStatus;
  /** Who does it, while it goes on. */
  readonly owner?: Owner | undefined;
}

const pattern = '**/.mlp-runs/*/*/run.json';
/** Runs that are read at most; the newest. */
const maximumRuns = 2000;

/** The runs that lie in the workspace, whoever made them. */
export class StoredRuns implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #watcher = vscode.workspace.createFileSystemWatcher(pattern);
  readonly #log: vscode.LogOutputChannel;
  #timer: NodeJS.Timeout | undefined;

  /** Runs have come, gone, or changed. */
  readonly onDidChange = this.#changed.event;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
    // A run that begins writes several times.
    const later = () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#changed.fire(undefined);
      }, 200);
    };
    this.#watcher.onDidCreate(later);
    this.#watcher.onDidChange(later);
    this.#watcher.onDidDelete(later);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** All runs, the newest first. */
  async all(): Promise<StoredRun[]> {
    const files = await vscode.workspace.findFiles(pattern, '**/node_modules/**', maximumRuns);
    const runs = await Promise.all(files.map(file => this.read(vscode.Uri.joinPath(file, '..'))));
    return runs.filter(run => run !== undefined).sort((a, b) => (a.record.started < b.record.started ? 1 : -1));
  }

  /** The newest run of a model. */
  async latestOf(model: vscode.Uri): Promise<StoredRun | undefined> {
    return (await this.all()).find(({ record }) => record.modelPath === model.fsPath);
  }

  /** A run; undefined when its record cannot be read. */
  async read(folder: vscode.Uri): Promise<StoredRun | undefined> {
    try {
      const written = await writtenRecord(folder);
      const record = { ...written, modelPath: modelPathNow(folder.fsPath, written.modelPath) };
      if (record.status !== 'running') return { folder, record, status: record.status };
      const owner = await ownerOf(folder.fsPath);
      return { folder, record, status: owner ? 'running' : 'interrupted', owner };
    } catch (error) {
      this.#log.warn(
        `The run in ${folder.fsPath} is passed over: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  /** What a run has recorded; nothing where its file is gone. */
  async recorded({ folder, owner }: StoredRun): Promise<RecordedRun> {
    try {
      const recorded = await readRecorded(metricsFile(folder));
      return owner ? { ...recorded, events: [...recorded.events, elsewhere(owner)], goesOn: true } : recorded;
    } catch (error) {
      this.#log.warn(`${folder.fsPath}: ${error instanceof Error ? error.message : String(error)}`);
      return { events: [], gradients: [], end: 0 };
    }
  }

  /** Steps of which a run has checkpoints, the newest first. */
  async checkpoints({ folder }: StoredRun): Promise<number[]> {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries
      .flatMap(([name]) => /^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  /** Writes the user's words about a run into its record. */
  setNote({ folder, record }: StoredRun, note: string): Promise<void> {
    return this.#write(folder, { ...record, note });
  }

  /** The record of a run shall name its model so. */
  async setModelPath({ folder, record }: StoredRun, modelPath: string): Promise<void> {
    const written = await writtenRecord(folder);
    if (written.modelPath !== modelPath) await this.#write(folder, { ...record, modelPath });
  }

  async #write(folder: vscode.Uri, record: RunRecord): Promise<void> {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    const temporary = vscode.Uri.joinPath(folder, 'run.json.tmp');
    await vscode.workspace.fs.writeFile(temporary, new TextEncoder().encode(text));
    // Renamed, so that the record is whole at any instant.
    await vscode.workspace.fs.rename(temporary, vscode.Uri.joinPath(folder, 'run.json'), { overwrite: true });
    this.refresh();
  }
}

async function writtenRecord(folder: vscode.Uri): Promise<RunRecord> {
  const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'run.json'));
  return runRecordSchema.parse(JSON.parse(new TextDecoder().decode(text)));
}

/** Said of a run that another window or a command line does. */
const elsewhere = ({ pid, host }: Owner): WarningEvent => ({
  event: 'warning',
  code: 'running-elsewhere',
  message: vscode.l10n.t(
    'This run goes on in another process ({0} on {1}) and is followed here. Only there can it be stopped.',
    pid,
    host,
  ),
});

/** What a run has told, line by line. */
export const metricsFile = (folder: vscode.Uri): string => path.join(folder.fsPath, 'metrics.jsonl');

/** `14:03:21` today, with the date before it on other days. */
export function timeText(started: string, now = new Date()): string {
  const date = new Date(started);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return date.toDateString() === now.toDateString() ? time : `${date.toLocaleDateString()} ${time}`;
}

/** `iris`, from the path of the model that was trained. */
export const modelNameOf = ({ modelPath }: RunRecord): string => path.basename(modelPath).replace(/\.mlp\.json$/, '');
