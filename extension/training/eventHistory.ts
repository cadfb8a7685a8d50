import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { thinned } from '../../engine/protocol/thinning.ts';

/** Metrics kept of one run; a panel is not wider than a few thousand points. */
export const maximumMetrics = 20_000;

/** Some events are looked at live and then forgotten. */
export const isKept = ({ event }: TrainingEvent): boolean =>
  event !== 'gradients' && event !== 'predictions' && event !== 'progress';

/** Fewer events where there are too many metrics, spikes staying; all the others stay. */
export function thinnedEvents(events: readonly TrainingEvent[], maximum: number): readonly TrainingEvent[] {
  const metrics = events.filter(event => event.event === 'metrics');
  if (metrics.length <= maximum) return events;
  const kept = new Set(thinned(metrics, maximum / 2));
  return events.filter(event => event.event !== 'metrics' || kept.has(event));
}

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
      if (!isKept(event)) continue;
      this.#events.push(event);
      if (event.event === 'metrics' && ++this.#metrics > this.#maximum) this.#thin();
    }
  }

  #thin(): void {
    this.#events = [...thinnedEvents(this.#events, this.#maximum)];
    this.#metrics = this.#events.filter(({ event }) => event === 'metrics').length;
  }
}
