import { createReadStream } from 'node:fs';
import { trainingEventSchema, type GradientsEvent, type TrainingEvent } from '../../engine/protocol/events.ts';
import { RecordedHistory } from './recordedHistory.ts';

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

/** Whole lines of a file from a byte on, many at once, and the byte behind them. */
async function* blocksIn(file: string, start: number): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let end = start;
  for await (const chunk of createReadStream(file, { start, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.lastIndexOf(lineBreak) + 1;
    rest = bytes.subarray(whole);
    end += whole;
    yield { text: bytes.toString('utf8', 0, whole), end };
  }
  const last = rest.toString();
  if (eventOf(last)) yield { text: last, end: end + rest.length };
}

/**
 * The events in a `metrics.jsonl` from a byte on, many at once; a line that is torn, as a killed process leaves it, is passed over. A
 * last line that is still being written is left for a later look.
 */
export async function* eventsIn(file: string, start = 0): AsyncGenerator<ReadEvents> {
  for await (const { text, end } of blocksIn(file, start))
    yield { events: text.split('\n').flatMap(line => eventOf(line) ?? []), end };
}

const eventOf = (line: string): TrainingEvent | undefined =>
  line === '' ? undefined : trainingEventSchema.safeParse(parsed(line)).data;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Reads what a run has recorded, thinned where it is very long: memory stays bounded. */
export async function readRecorded(file: string): Promise<RecordedRun> {
  const history = new RecordedHistory(eventOf);
  let read = 0;
  for await (const { text, end } of blocksIn(file, 0)) {
    for (const line of text.split('\n')) history.add(line);
    read = end;
  }
  return { events: history.events, gradients: history.gradients, end: read };
}
