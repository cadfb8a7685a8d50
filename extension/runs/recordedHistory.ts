import type { GradientsEvent, MetricsEvent, TrainingEvent } from '../../engine/protocol/events.ts';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import { thinned } from '../../engine/protocol/thinning.ts';
import { isKept, maximumMetrics } from '../training/eventHistory.ts';

/** A line of `metrics.jsonl`: of metrics only what thinning looks at is read, the rest when the line has stayed. */
interface Metrics extends Pick<MetricsEvent, 'step' | 'trainLoss' | 'validationLoss'> {
  /** The text, until it is read. */
  line: string | undefined;
  event: TrainingEvent | undefined;
}

type Item = Metrics | { readonly event: TrainingEvent };

/** What a line of metrics begins with as the trainer writes it. */
const beginning = '{"event":"metrics","step":';
/** Digits of a number that JSON writes, at most. */
const widest = 26;

/**
 * What a run has said, read line by line: the same as `EventHistory` keeps of all its events. A run may have written millions of lines of
 * which thousands stay, so a line of metrics is read whole only when it has outlived a thinning.
 */
export class RecordedHistory {
  readonly #eventOf: (line: string) => TrainingEvent | undefined;
  readonly #samples = new SampleHistory();
  #items: Item[] = [];
  #metrics = 0;

  /** `eventOf` reads a line whole; undefined when it is damaged. */
  constructor(eventOf: (line: string) => TrainingEvent | undefined) {
    this.#eventOf = eventOf;
  }

  get events(): TrainingEvent[] {
    return this.#items.flatMap(item => this.#read(item) ?? []);
  }

  get gradients(): readonly GradientsEvent[] {
    return this.#samples.samples;
  }

  add(line: string): void {
    const metrics = line.startsWith(beginning) ? metricsIn(line) : undefined;
    if (metrics) this.#push(metrics);
    else this.#addEvent(this.#eventOf(line));
  }

  #addEvent(event: TrainingEvent | undefined): void {
    if (event?.event === 'gradients') this.#samples.add(event);
    if (!event || !isKept(event)) return;
    if (event.event === 'metrics') this.#push({ ...event, line: undefined, event });
    else this.#items.push({ event });
  }

  #push(metrics: Metrics): void {
    this.#items.push(metrics);
    if (++this.#metrics > maximumMetrics) this.#thin();
  }

  #thin(): void {
    const kept = new Set<Item>(thinned(this.#items.filter(isMetrics), maximumMetrics / 2));
    this.#items = this.#items.filter(item => !isMetrics(item) || kept.has(item));
    this.#metrics = kept.size;
    // A line would keep the block in memory that it was cut from.
    for (const item of this.#items) this.#read(item);
  }

  #read(item: Item): TrainingEvent | undefined {
    if (isMetrics(item) && item.line !== undefined) {
      item.event = this.#eventOf(item.line);
      item.line = undefined;
    }
    return item.event;
  }
}

const isMetrics = (item: Item): item is Metrics => 'line' in item;

/** Step and losses of a line; undefined when they do not stand where the trainer writes them. */
function metricsIn(line: string): Metrics | undefined {
  const step = Number.parseInt(line.slice(beginning.length, beginning.length + widest), 10);
  const [trainLoss, validationLoss] = [numberAfter(line, '"trainLoss":'), numberAfter(line, '"validationLoss":')];
  if (Number.isNaN(step) || trainLoss === undefined) return undefined;
  return { step, trainLoss, validationLoss, line, event: undefined };
}

function numberAfter(line: string, key: string): number | undefined {
  const at = line.indexOf(key);
  if (at < 0) return undefined;
  const value = Number.parseFloat(line.slice(at + key.length, at + key.length + widest));
  return Number.isNaN(value) ? undefined : value;
}
