/** Milliseconds of training that a crash may cost. */
const interval = 5000;
/** Writing may take at most this share of the time. */
const share = 0.05;

/** Says when a checkpoint is due: every so many steps where that is asked for, else every five seconds. */
export class CheckpointPolicy {
  readonly #every: number | undefined;
  #next = performance.now() + interval;

  constructor(every: number | undefined) {
    this.#every = every;
  }

  isDue(step: number): boolean {
    return this.#every === undefined ? performance.now() >= this.#next : step % this.#every === 0;
  }

  /** A checkpoint has been written, which took so many milliseconds. */
  written(milliseconds: number): void {
    this.#next = performance.now() + Math.max(interval, milliseconds / share);
  }
}
