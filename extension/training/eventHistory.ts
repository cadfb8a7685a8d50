import type { TrainingEvent } from '../../engine/protocol/events.ts';

/** Metrics kept of one run; a panel is not wider than a few thousand points. */
const maximumMetrics = 20_000;

/**
 * What a run has said, for panels that open later. Memory stays bounded: when the metrics get too
 * many, every second one of them goes, the first and the last staying.
 */
export class EventHistory {
  readonly #maximum: number;
  #events: TrainingEvent[] = [];
  #metrics = 0;

  constructor(maximum = maximumMetrics) {
    this.#maximum = maximum;
  }

  get events(): readonly TrainingEvent[] {
    return this.#events;
  }

  append(batch: readonly TrainingEvent[]): void {
    for (const event of batch) {
      // Gradients are looked at live and then forgotten.
      if (event.event === 'gradients') continue;
      this.#events.push(event);
      if (event.event === 'metrics' && ++this.#metrics > this.#maximum) this.#thin();
    }
  }

  #thin(): void {
    const last = this.#events.length - 1;
    let seen = 0;
    this.#events = this.#events.filter((event, i) => event.event !== 'metrics' || seen++ % 2 === 0 || i === last);
    this.#metrics = this.#events.filter(({ event }) => event === 'metrics').length;
  }
}
