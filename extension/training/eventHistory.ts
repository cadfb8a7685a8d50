import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { thinned } from '../../engine/protocol/thinning.ts';

/** Metrics kept of one run; a panel is not wider than a few thousand points. */
const maximumMetrics = 20_000;

/** What a run has said, for panels that open later. Memory stays bounded: too many metrics are thinned, spikes staying. */
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
      // These are looked at live and then forgotten.
      if (event.event === 'gradients' || event.event === 'predictions' || event.event === 'progress') continue;
      this.#events.push(event);
      if (event.event === 'metrics' && ++this.#metrics > this.#maximum) this.#thin();
    }
  }

  #thin(): void {
    const metrics = this.#events.filter(event => event.event === 'metrics');
    const kept = new Set(thinned(metrics, this.#maximum / 2));
    this.#events = this.#events.filter(event => event.event !== 'metrics' || kept.has(event));
    this.#metrics = kept.size;
  }
}
