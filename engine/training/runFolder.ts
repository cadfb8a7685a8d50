import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { encodeSafetensors, type Tensor } from '../export/safetensors.ts';
import { writeFileAtomically } from '../files/atomicFile.ts';
import { EngineError } from '../model/errors.ts';
import type { EndEvent, TrainingEvent } from '../protocol/events.ts';

/** What `run.json` says; `status` is `running` until the run has ended. */
export interface RunRecord {
  readonly name: string;
  readonly modelPath: string;
  /** The text of the model as it was when the run began. */
  readonly model: string;
  readonly seed: number;
  readonly dataSha256: string;
  readonly backend: string;
  readonly backendReason: string;
  readonly versions: { readonly mlpStudio: string; readonly node: string };
  readonly started: string;
}

/** The folder that keeps one run: `run.json`, `metrics.jsonl` and at the end `final.safetensors`. */
export class RunFolder {
  readonly path: string;
  readonly #record: RunRecord;
  readonly #metrics: number;
  #lines: string[] = [];

  /** Makes the folder. Throws `file-not-writable`. */
  constructor(folder: string, record: RunRecord) {
    this.path = folder;
    this.#record = record;
    try {
      mkdirSync(folder, { recursive: true });
      this.#metrics = openSync(path.join(folder, 'metrics.jsonl'), 'a');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError(
        'file-not-writable',
        `The run folder cannot be made (${reason}). Choose another with --run-dir.`,
        { file: folder },
        { cause: error },
      );
    }
    this.#writeRecord({ status: 'running' });
  }

  /** Keeps an event for `metrics.jsonl`; `flush` writes it. */
  append(event: TrainingEvent): void {
    this.#lines.push(`${JSON.stringify(event)}\n`);
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    writeSync(this.#metrics, text);
  }

  /** Writes the weights and how the run ended. */
  finish(weights: ReadonlyMap<string, Tensor>, end: EndEvent): void {
    this.flush();
    closeSync(this.#metrics);
    writeFileAtomically(
      path.join(this.path, 'final.safetensors'),
      encodeSafetensors(weights, { model: this.#record.model, modelSha256: sha256(this.#record.model) }),
    );
    this.#writeRecord({
      status: end.reason === 'earlyStopped' ? 'completed' : end.reason,
      ended: new Date().toISOString(),
      step: end.step,
      epoch: end.epoch,
      metrics: end.metrics,
      message: end.message,
    });
  }

  #writeRecord(state: object): void {
    writeFileAtomically(
      path.join(this.path, 'run.json'),
      `${JSON.stringify({ ...this.#record, ...state }, null, 2)}\n`,
    );
  }
}

/** `<runs>/<model name>/<UTC time>-<short id>`, with a name that is safe as a folder on every system. */
export function newRunPath(runsDirectory: string, modelName: string): string {
  const safeName =
    modelName
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '_')
      .trim()
      .slice(0, 64) || 'model';
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return path.join(runsDirectory, safeName, `${time}-${randomBytes(3).toString('hex')}`);
}

export const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
