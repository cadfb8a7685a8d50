import type { Threads } from './threads.ts';

/** Runs before anything is measured, while the runtime still compiles. */
const warmUp = 4;
/** Measurements of each size in a round; long runs vary less, and a wrong size costs more. */
const samples = 5;
const samplesOfLongRuns = 2;
/** Milliseconds of a long run. */
const longRun = 5;
/** After the first round the choice holds for so many runs, after each later one for twice as many, and at most … */
const firstHold = 64;
const longestHold = 4096;

/**
 * How many threads a tape takes, found by running it with different numbers of them and taking the fastest. Since results do not depend
 * on the number, real steps serve as measurements. Rounds return, ever more rarely, because a machine's other work comes and goes.
 */
export class TeamChoice {
  readonly #threads: Pick<Threads, 'most' | 'ready'>;
  readonly #sizes: readonly number[];
  #best = 1;
  #held = 0;
  #hold = firstHold;
  /** The shortest run of each size in this round. */
  #times: number[] = [];
  /** Runs of this round; the first few are not counted. */
  #tried = -warmUp;
  #size = 1;

  constructor(threads: Pick<Threads, 'most' | 'ready'>) {
    this.#threads = threads;
    this.#sizes = sizesUpTo(threads.most);
  }

  /** Threads for the next run. */
  next(): number {
    this.#size = this.#decide();
    return this.#size;
  }

  /** Says how long that run took. */
  took(milliseconds: number): void {
    if (this.#held > 0) return;
    // Until all threads are there, nothing can be compared.
    if (this.#threads.ready < this.#threads.most) return;
    if (this.#tried >= 0) {
      const place = this.#tried % this.#sizes.length;
      this.#times[place] = Math.min(this.#times[place] ?? Infinity, milliseconds);
    }
    this.#tried++;
    const shortest = Math.min(...this.#times);
    const wanted = shortest >= longRun ? samplesOfLongRuns : samples;
    if (this.#tried < wanted * this.#sizes.length) return;
    const fastest = this.#times.indexOf(shortest);
    this.#best = this.#sizes[fastest] ?? 1;
    this.#held = this.#hold;
    this.#hold = Math.min(longestHold, this.#hold * 2);
    this.#times = [];
    this.#tried = 0;
  }

  #decide(): number {
    if (this.#threads.ready < this.#threads.most) return 1;
    if (this.#held > 0) {
      this.#held--;
      return this.#best;
    }
    const { length } = this.#sizes;
    return this.#sizes[((this.#tried % length) + length) % length] ?? 1;
  }
}

/** 1, 2, 4, … and the most there are. */
function sizesUpTo(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < most; size *= 2) sizes.push(size);
  return [...sizes, most];
}
