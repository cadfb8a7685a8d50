import * as vscode from 'vscode';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';

/** Milliseconds between two looks at a network in training. */
const interval = 100;

/**
 * Looks at the network of a run: at most ten times a second, and only when somebody who sees it has asked, so
 * that a hidden designer costs nothing and a slow one is never behind.
 */
export class NetworkSamples implements vscode.Disposable {
  readonly #ask: () => void;
  readonly #sampled = new vscode.EventEmitter<NetworkSample>();
  #timer: NodeJS.Timeout | undefined;
  #lastAsked = -Infinity;

  readonly onDidSample = this.#sampled.event;
  latest: NetworkSample | undefined;

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#sampled.dispose();
  }

  /** A new training begins. */
  forget(): void {
    this.latest = undefined;
  }

  /** Asks for the next sample; several who ask at once get the same. */
  request(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#lastAsked = performance.now();
        this.#ask();
      },
      Math.max(0, interval - (performance.now() - this.#lastAsked)),
    );
  }

  receive(sample: NetworkSample): void {
    this.latest = sample;
    this.#sampled.fire(sample);
  }
}
