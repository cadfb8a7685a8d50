import type * as vscode from 'vscode';

/** Does something when it is wished, at once and then at most so often; the last wish is always fulfilled. */
export class Calmly implements vscode.Disposable {
  readonly #act: () => void;
  readonly #interval: number;
  #last = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `interval` in milliseconds. */
  constructor(act: () => void, interval: number) {
    this.#act = act;
    this.#interval = interval;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  wish(): void {
    const wait = this.#last + this.#interval - performance.now();
    if (wait <= 0) this.#fulfil();
    else this.#timer ??= setTimeout(() => this.#fulfil(), wait);
  }

  #fulfil(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    this.#act();
  }
}
