import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../model/errors.ts';
import { ownerSchema, type Owner } from '../protocol/experiment.ts';

/** Milliseconds without a beat after which an owner on another machine counts as gone. */
const silenceLimit = 10_000;
const beatEvery = 1000;

/**
 * Keeps a run folder to one process: a file with its id whose time is its heartbeat. The lock of a process that has ended, or has been
 * silent for ten seconds, is taken over.
 */
export class RunLock {
  readonly #file: string;
  #lastBeat = performance.now();

  /** Throws `run-in-use`, or what `node:fs` throws. */
  constructor(folder: string) {
    this.#file = path.join(folder, 'owner.lock');
    if (this.#take()) return;
    if (isHeld(this.#file))
      throw new EngineError('run-in-use', 'Another process is at work in this run. Stop it there first.', {
        file: folder,
      });
    rmSync(this.#file, { force: true });
    // Whoever is faster now has it.
    if (!this.#take())
      throw new EngineError('run-in-use', 'Another process has just taken this run. Stop it there first.', {
        file: folder,
      });
  }

  /** Says, at most once a second, that the owner is alive. */
  beat(): void {
    if (performance.now() - this.#lastBeat < beatEvery) return;
    this.#lastBeat = performance.now();
    const now = new Date();
    try {
      utimesSync(this.#file, now, now);
    } catch {
      // Somebody has removed the file; the run itself goes on.
    }
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }

  #take(): boolean {
    try {
      const descriptor = openSync(this.#file, 'wx');
      writeSync(descriptor, JSON.stringify({ pid: process.pid, host: os.hostname() }));
      closeSync(descriptor);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }
}

/** Whether the process that holds the lock in `file` is still there. */
function isHeld(file: string): boolean {
  try {
    const owner = ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return owner.pid !== process.pid && isPresent(owner, () => statSync(file).mtimeMs);
  } catch {
    // Gone, or torn by the end of its owner.
    return false;
  }
}

/** Whether a process is still there. One of another machine is told by the time of its last sign, in milliseconds since 1970. */
export function isPresent({ pid, host }: Owner, lastSign: () => number): boolean {
  if (host !== os.hostname()) return Date.now() - lastSign() < silenceLimit;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
