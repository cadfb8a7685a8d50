import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeSafetensors, type Tensor } from '../export/safetensors.ts';
import { writeFileAtomically } from '../files/atomicFile.ts';
import { EngineError } from '../model/errors.ts';
import { changeText } from '../protocol/devices.ts';
import type { EndEvent, TrainingEvent } from '../protocol/events.ts';
import { folderNameOf, timedName } from '../protocol/runNames.ts';
import { runRecordSchema, type RunRecord, type RunStatus } from '../protocol/runRecord.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointFiles, removeTornFiles } from './checkpointFiles.ts';
import { MetricsLog } from './metricsLog.ts';
import { RunLock } from './runLock.ts';

const recordFile = (folder: string) => path.join(folder, 'run.json');
const metricsFile = (folder: string) => path.join(folder, 'metrics.jsonl');

/**
 * The folder that keeps one run: `run.json`, `metrics.jsonl`, checkpoints and at the end `final.safetensors`. After it has been opened
 * no trouble with the disk stops a training: it is told once, and the training goes on in memory.
 */
export class RunFolder {
  readonly path: string;
  /** Whether events were told before it was opened this time. */
  readonly hasPast: boolean;
  readonly #lock: RunLock;
  readonly #log: MetricsLog;
  readonly #checkpoints: CheckpointFiles;
  readonly #onTrouble: (message: string) => void;
  #record: RunRecord;
  #troubled = false;

  private constructor(
    folder: string,
    record: RunRecord,
    onTrouble: (message: string) => void,
    open: (checkpoints: CheckpointFiles) => MetricsLog,
  ) {
    this.path = folder;
    this.#record = record;
    this.#onTrouble = onTrouble;
    this.#checkpoints = new CheckpointFiles(folder, record.modelSha256);
    this.#lock = new RunLock(folder);
    try {
      this.#log = open(this.#checkpoints);
      this.hasPast = this.#log.bytes > 0;
      this.#writeRecord();
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /** Makes the folder of a new run. Throws `file-not-writable` or `run-in-use`. */
  static create(folder: string, record: Omit<RunRecord, 'status'>, onTrouble: (message: string) => void): RunFolder {
    return writing(folder, () => {
      mkdirSync(folder, { recursive: true });
      return new RunFolder(
        folder,
        { ...record, status: 'running' },
        onTrouble,
        () => new MetricsLog(metricsFile(folder)),
      );
    });
  }

  /**
   * Takes up an earlier run at its newest whole checkpoint; without one it begins anew.
   * Throws `file-not-writable` or `run-in-use`.
   */
  static reopen(
    folder: string,
    record: RunRecord,
    onTrouble: (message: string) => void,
  ): { readonly folder: RunFolder; readonly checkpoint: Checkpoint | undefined } {
    let checkpoint: Checkpoint | undefined;
    const opened = writing(
      folder,
      () =>
        new RunFolder(
          folder,
          { ...record, status: 'running', ended: undefined, message: undefined },
          onTrouble,
          checkpoints => {
            removeTornFiles(folder);
            checkpoint = checkpoints.readNewest();
            return new MetricsLog(metricsFile(folder), checkpoint?.state.metricsBytes ?? 0);
          },
        ),
    );
    return { folder: opened, checkpoint };
  }

  /** Keeps an event for `metrics.jsonl`; `flush` writes it. The record says at once if something else computes from now on. */
  append(event: TrainingEvent): void {
    this.#log.append(event);
    if (event.event !== 'warning' || !event.computes) return;
    const { backend, step } = event.computes;
    this.#record = { ...this.#record, backend, backendReason: changeText(step, event.message) };
    this.#attempt(() => this.#writeRecord());
  }

  flush(): void {
    this.#lock.beat();
    this.#attempt(() => this.#log.flush());
  }

  /** Writes a checkpoint; `checkpoint` is given the length of the metrics so far. Its file name, or nothing when the disk refused. */
  writeCheckpoint(checkpoint: (metricsBytes: number) => Checkpoint): string | undefined {
    return this.#attempt(() => {
      this.#log.sync();
      return this.#checkpoints.write(checkpoint(this.#log.bytes));
    });
  }

  /** Writes the weights and how the run ended. */
  finish(weights: ReadonlyMap<string, Tensor>, end: EndEvent, status: RunStatus): void {
    this.#attempt(() => {
      this.#log.sync();
      const { model, modelSha256 } = this.#record;
      writeFileAtomically(
        path.join(this.path, 'final.safetensors'),
        encodeSafetensors(weights, { model, modelSha256 }),
      );
      const { step, epoch, metrics, message } = end;
      this.#record = { ...this.#record, status, ended: new Date().toISOString(), step, epoch, metrics, message };
      this.#writeRecord();
    });
    this.close();
  }

  /** Lets go of the folder. */
  close(): void {
    this.#log.close();
    this.#lock.release();
  }

  #writeRecord(): void {
    writeFileAtomically(recordFile(this.path), `${JSON.stringify(this.#record, null, 2)}\n`);
  }

  #attempt<Result>(write: () => Result): Result | undefined {
    try {
      const result = write();
      this.#troubled = false;
      return result;
    } catch (error) {
      if (!this.#troubled)
        this.#onTrouble(
          `The run folder cannot be written (${reasonOf(error)}). Training goes on in memory; free space, and the rest will be written.`,
        );
      this.#troubled = true;
      return undefined;
    }
  }
}

function writing<Result>(folder: string, open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    if (error instanceof EngineError && error.code === 'run-in-use') throw error;
    throw new EngineError(
      'file-not-writable',
      `The run folder cannot be written (${reasonOf(error)}). Choose another with --run-dir.`,
      { file: folder },
      { cause: error },
    );
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads `run.json`. Throws `file-not-readable` or `invalid-run`. */
export function readRunRecord(folder: string): RunRecord {
  const file = recordFile(folder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new EngineError(
      'file-not-readable',
      'There is no run in this folder: its run.json cannot be read. Name the folder of a run.',
      { file },
      { cause: error },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const record = runRecordSchema.safeParse(json);
  if (record.success) return record.data;
  throw new EngineError('invalid-run', 'The run.json of this run is damaged. Start a new run.', { file });
}

/** `<runs>/<model name>/<UTC time>-<short id>`, with a name that is safe as a folder on every system. */
export const newRunPath = (runsDirectory: string, modelName: string): string =>
  path.join(runsDirectory, folderNameOf(modelName), timedName(new Date(), randomBytes(3).toString('hex')));

export const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
