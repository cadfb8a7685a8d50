import * as vscode from 'vscode';

/** Milliseconds between two looks at a network in training. */
const interval = 100;

/**
 * Looks at the network of a training: at most ten times a second, and only when somebody who sees it has asked, so
 * that a hidden view costs nothing and a slow one is never behind.
 */
export class ProcessSamples<Sample> implements vscode.Disposable {
  readonly #ask: () => boolean;
  readonly #sampled = new vscode.EventEmitter<Sample>();
  #timer: NodeJS.Timeout | undefined;
  #lastAsked = -Infinity;
  /** Somebody has asked while nothing was running. */
  #isWaiting = false;

  readonly onDidSample = this.#sampled.event;
  latest: Sample | undefined;

  /** `ask` asks the process; false when there is none. */
  constructor(ask: () => boolean) {
    this.#ask = ask;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#sampled.dispose();
  }

  /** A new training begins, in a process that can be asked. */
  begin(): void {
    this.latest = undefined;
    if (this.#isWaiting) this.#isWaiting = !this.#ask();
  }

  /** Asks for the next sample; several who ask at once get the same. Before a training begins, for its first. */
  request(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#lastAsked = performance.now();
        this.#isWaiting = !this.#ask();
      },
      Math.max(0, interval - (performance.now() - this.#lastAsked)),
    );
  }

  receive(sample: Sample): void {
    this.latest = sample;
    this.#sampled.fire(sample);
  }
}
