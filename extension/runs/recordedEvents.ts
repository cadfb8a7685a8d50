import { createReadStream } from 'node:fs';
import { trainingEventSchema, type GradientsEvent, type TrainingEvent } from '../../engine/protocol/events.ts';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import { EventHistory } from '../training/eventHistory.ts';

/** What a run has left to be looked at. */
export interface RecordedRun {
  readonly events: readonly TrainingEvent[];
  /** Gradient samples, oldest first. */
  readonly gradients: readonly GradientsEvent[];
  /** The byte behind the last event in its file. */
  readonly end: number;
  /** Another process does it, and will tell more. */
  readonly goesOn?: boolean;
}

/** Some events of a file, and the byte behind them, from which a later look goes on. */
interface ReadEvents {
  readonly events: readonly TrainingEvent[];
  readonly end: number;
}

const lineBreak = 10;

/**
 * The events in a `metrics.jsonl` from a byte on, many at once; a line that is torn, as a killed process leaves it, is passed over. A
 * last line that is still being written is left for a later look.
 */
export async function* eventsIn(file: string, start = 0): AsyncGenerator<ReadEvents> {
  let rest: Buffer = Buffer.alloc(0);
  let end = start;
  for await (const chunk of createReadStream(file, { start, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.lastIndexOf(lineBreak) + 1;
    rest = bytes.subarray(whole);
    end += whole;
    yield { events: bytes.toString('utf8', 0, whole).split('\n').flatMap(eventOf), end };
  }
  const last = eventOf(rest.toString());
  if (last.length > 0) yield { events: last, end: end + rest.length };
}

function eventOf(line: string): TrainingEvent[] {
  if (line === '') return [];
  const event = trainingEventSchema.safeParse(parsed(line)).data;
  return event ? [event] : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Reads what a run has recorded, thinned where it is very long: memory stays bounded. */
export async function readRecorded(file: string): Promise<RecordedRun> {
  const history = new EventHistory();
  const gradients = new SampleHistory();
  let read = 0;
  for await (const { events, end } of eventsIn(file)) {
    for (const event of events) if (event.event === 'gradients') gradients.add(event);
    history.append(events);
    read = end;
  }
  return { events: history.events, gradients: gradients.samples, end: read };
}
