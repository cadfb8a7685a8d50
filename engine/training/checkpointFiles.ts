import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../files/atomicFile.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';

const pattern = /^checkpoint-(\d+)\.safetensors$/;
/** Kept besides the best one. */
const newest = 2;

const fileName = (step: number) => `checkpoint-${String(step)}.safetensors`;

/** The checkpoints of one run, ordered by step, whatever the clock says. */
export class CheckpointFiles {
  readonly #folder: string;
  readonly #modelSha256: string;
  /** Loss of each checkpoint that this process has written or read. */
  readonly #losses = new Map<number, number>();

  constructor(folder: string, modelSha256: string) {
    this.#folder = folder;
    this.#modelSha256 = modelSha256;
  }

  /** Writes a checkpoint and removes those that are neither among the newest two nor the best. Throws `file-not-writable`. */
  write(checkpoint: Checkpoint): string {
    const { step, loss } = checkpoint.state;
    const name = fileName(step);
    writeFileAtomically(path.join(this.#folder, name), encodeCheckpoint(checkpoint, this.#modelSha256));
    if (loss !== undefined) this.#losses.set(step, loss);
    const old = this.steps.slice(0, -newest);
    const best = this.#best();
    for (const other of old) if (other !== best) rmSync(path.join(this.#folder, fileName(other)), { force: true });
    return name;
  }

  /** The newest checkpoint that is whole; undefined when there is none. */
  readNewest(): Checkpoint | undefined {
    let found: Checkpoint | undefined;
    for (const step of this.steps.toReversed()) {
      const checkpoint = this.read(step);
      if (checkpoint?.state.loss !== undefined) this.#losses.set(step, checkpoint.state.loss);
      found ??= checkpoint;
    }
    return found;
  }

  /** A checkpoint; undefined when it is not there or not whole. */
  read(step: number): Checkpoint | undefined {
    const file = path.join(this.#folder, fileName(step));
    try {
      return decodeCheckpoint(readFileSync(file), file, this.#modelSha256);
    } catch {
      // Damaged on disk: the one before it serves.
      return undefined;
    }
  }

  #best(): number | undefined {
    const known = this.steps.filter(step => this.#losses.has(step));
    return known.toSorted((a, b) => (this.#losses.get(a) ?? 0) - (this.#losses.get(b) ?? 0))[0];
  }

  /** Steps of which there are checkpoints, in their order. */
  get steps(): number[] {
    return readdirSync(this.#folder)
      .flatMap(name => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }
}

/** Removes what a process that was killed while writing has left. */
export function removeTornFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(path.join(folder, name), { force: true });
}
