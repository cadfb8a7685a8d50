import type { TrainingEvent } from '../protocol/events.ts';

/** Milliseconds between two messages to the host. */
const interval = 33;

/**
 * Gathers events and sends them together, so that a network with a thousand epochs a second does
 * not flood the host. The first and the last event go at once; order is kept.
 */
export class Outbox {
  readonly #send: (batch: readonly TrainingEvent[]) => void;
  #waiting: TrainingEvent[] = [];
  #lastSent = -Infinity;

  constructor(send: (batch: readonly TrainingEvent[]) => void) {
    this.#send = send;
  }

  add(event: TrainingEvent): void {
    this.#waiting.push(event);
    if (event.event === 'end' || performance.now() - this.#lastSent >= interval) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#lastSent = performance.now();
    this.#send(this.#waiting);
    this.#waiting = [];
  }
}
