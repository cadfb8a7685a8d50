/** Milliseconds of training that a crash may cost. */
const interval = 5000;
/** Writing may take at most this share of the time. */
const share = 0.05;

/** Says when a checkpoint is due: every so many steps where that is asked for, else every five seconds; never where none is kept. */
export class CheckpointPolicy {
  readonly #every: number | undefined;
  readonly #kept: boolean;
  #next = performance.now() + interval;
  /** One is to be written though nothing else says so: without it a resume would not know of a change. */
  isWanted = false;

  constructor(every: number | undefined, kept: boolean) {
    this.#every = every;
    this.#kept = kept;
  }

  isDue(step: number): boolean {
    if (!this.#kept || this.isWanted) return this.#kept;
    return this.#every === undefined ? performance.now() >= this.#next : step % this.#every === 0;
  }

  /** A checkpoint has been written, which took so many milliseconds. */
  written(milliseconds: number): void {
    this.#next = performance.now() + Math.max(interval, milliseconds / share);
  }
}
