import { Worker } from 'node:worker_threads';
import type { Arena } from './arena.ts';
import { endFlag, readyThreads, runNumber } from './layout.ts';
import { workerFile, type Kernels } from './kernels.ts';

/** Threads that share large tapes with the caller's. They start when the first such tape is made, and sleep between tapes. */
export class Threads {
  /** The most that take part, the caller's included. */
  readonly most: number;
  readonly #arena: Arena;
  readonly #kernels: Kernels;
  readonly #counters: Int32Array;
  #started = false;

  constructor(most: number, arena: Arena, kernels: Kernels) {
    this.most = most;
    this.#arena = arena;
    this.#kernels = kernels;
    this.#counters = new Int32Array(arena.memory.buffer, 0, 256);
  }

  /** Starts the others; `ready` grows as they come. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (let count = 1; count < this.most; count++) {
      const worker = new Worker(workerFile, {
        workerData: { module: this.#kernels.module, memory: this.#arena.memory },
        execArgv: [],
      });
      // A host that forgets to close must still be able to end.
      worker.unref();
    }
  }

  /** Threads that can take part now. */
  get ready(): number {
    return 1 + Atomics.load(this.#counters, readyThreads / 4);
  }

  /** Lets the others end; tapes that run nevertheless do so alone. */
  close(): void {
    Atomics.store(this.#counters, readyThreads / 4, 0);
    Atomics.store(this.#counters, endFlag / 4, 1);
    Atomics.add(this.#counters, runNumber / 4, 1);
    Atomics.notify(this.#counters, runNumber / 4);
  }
}
