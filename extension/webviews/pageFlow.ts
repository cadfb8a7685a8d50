/** Milliseconds between two messages. */
const interval = 100;

export interface PageFlowOptions<Item> {
  /** Brings items to the page, and settles when it has taken them. */
  readonly send: (items: readonly Item[]) => Promise<unknown>;
  /** Makes many waiting items fewer. */
  readonly shorten: (waiting: readonly Item[]) => readonly Item[];
}

/**
 * Brings what happens to a page, one message at a time: what comes before the page has taken the last one, or sooner than ten times a second,
 * waits and goes with the next. So a slow page gets larger messages and never a queue of them.
 */
export class PageFlow<Item> {
  readonly #options: PageFlowOptions<Item>;
  #waiting: readonly Item[] = [];
  /** The message that the page has not taken yet. */
  #underway: object | undefined;
  #lastSent = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PageFlowOptions<Item>) {
    this.#options = options;
  }

  dispose(): void {
    this.restart();
  }

  add(items: readonly Item[]): void {
    this.#waiting = this.#options.shorten([...this.#waiting, ...items]);
    this.#sendInTime();
  }

  /** Sends what waits at once, since something follows that must not overtake it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const message = {};
    this.#underway = message;
    this.#lastSent = performance.now();
    const items = this.#waiting;
    this.#waiting = [];
    const taken = () => {
      if (this.#underway !== message) return;
      this.#underway = undefined;
      this.#sendInTime();
    };
    // A page that is gone takes nothing; a new one begins with all that is known.
    this.#options.send(items).then(taken, taken);
  }

  /** Another page is there, or none, and what was on its way is lost. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#underway = undefined;
  }

  #sendInTime(): void {
    if (this.#underway || this.#timer || this.#waiting.length === 0) return;
    const wait = this.#lastSent + interval - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait);
  }
}
