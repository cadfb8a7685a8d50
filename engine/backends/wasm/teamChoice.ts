import type { Threads } from './threads.ts';

/** Runs of each size in a round that are timed; the median counts. */
const samples = 3;
/** Milliseconds from which on a run is long: that other threads wake for it is then no matter. */
const longRun = 5;
/** After a round its verdict holds for so many runs, then each time it is confirmed for twice as many, and at most … */
const firstHold = 64;
const longestHold = 4096;
/** … or so many while fewer threads run than there are, since nothing then shows that more would be faster again. */
const longestHoldOfFewer = 512;
/** So many runs that hold are watched at a time; when they take so much longer than the second best, it is time for a new round. */
const watched = 32;
const surprise = 1.25;

/**
 * How many threads a tape takes, found by running it with different numbers of them and taking the fastest. Since results do not depend
 * on the number, real steps serve as measurements. A machine's other work comes and goes: what a round says counts when the next one agrees, rounds return,
 * ever more rarely, and at once when runs become slow.
 */
export class TeamChoice {
  readonly #threads: Pick<Threads, 'most' | 'ready'>;
  readonly #sizes: readonly number[];
  #best = 1;
  /** What the round before said; 0 before the first. */
  #candidate = 0;
  /** Runs for which the choice still holds, and for how many it held last. */
  #held = 0;
  #hold = firstHold;
  /** The medians of the sizes measured in this round, and the runs of the size at hand, the first of which only wakes threads. */
  #medians: number[] = [];
  #times: number[] = [];
  #isAwake = false;
  #secondBest = Infinity;
  /** The watched runs, and how long they took. */
  #seen = 0;
  #spent = 0;

  constructor(threads: Pick<Threads, 'most' | 'ready'>) {
    this.#threads = threads;
    this.#sizes = sizesUpTo(threads.most);
  }

  /** Threads for the next run. */
  next(): number {
    // Until all threads are there, nothing can be compared.
    if (this.#threads.ready < this.#threads.most) return 1;
    return this.#held > 0 ? this.#best : (this.#sizes[this.#medians.length] ?? 1);
  }

  /** Says how long that run took. */
  took(milliseconds: number): void {
    if (this.#threads.ready < this.#threads.most) return;
    if (this.#held > 0) this.#watch(milliseconds);
    else this.#measure(milliseconds);
  }

  #watch(milliseconds: number): void {
    this.#held--;
    this.#spent += milliseconds;
    if (++this.#seen < watched) return;
    if (this.#spent > watched * surprise * this.#secondBest) {
      this.#held = 0;
      this.#hold = firstHold / 2;
    }
    this.#seen = this.#spent = 0;
  }

  #measure(milliseconds: number): void {
    if (!this.#isAwake && milliseconds < longRun) {
      this.#isAwake = true;
      return;
    }
    this.#times.push(milliseconds);
    if (this.#times.length < samples) return;
    this.#medians.push(this.#times.sort((a, b) => a - b)[samples >> 1] ?? Infinity);
    this.#times = [];
    this.#isAwake = false;
    if (this.#medians.length === this.#sizes.length) this.#conclude();
  }

  #conclude(): void {
    const [fastest = 0, secondBest = Infinity] = this.#medians.toSorted((a, b) => a - b);
    const verdict = this.#sizes[this.#medians.indexOf(fastest)] ?? 1;
    this.#medians = [];
    if (verdict !== this.#candidate) {
      this.#candidate = verdict;
      return;
    }
    const longest = verdict < this.#threads.most ? longestHoldOfFewer : longestHold;
    this.#hold = verdict === this.#best ? Math.min(longest, this.#hold * 2) : firstHold;
    this.#best = verdict;
    this.#held = this.#hold;
    this.#secondBest = secondBest;
    this.#seen = this.#spent = 0;
  }
}

/** 1, 2, 4, … and the most there are. */
function sizesUpTo(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < most; size *= 2) sizes.push(size);
  return [...sizes, most];
}
