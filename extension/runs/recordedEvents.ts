import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { trainingEventSchema, type GradientsEvent, type TrainingEvent } from '../../engine/protocol/events.ts';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import { EventHistory } from '../training/eventHistory.ts';

/** What a run has left to be looked at. */
export interface RecordedRun {
  readonly events: readonly TrainingEvent[];
  /** Gradient samples, oldest first. */
  readonly gradients: readonly GradientsEvent[];
}

/** The events in a `metrics.jsonl`, line by line; a line that is torn, as a killed process leaves it, is passed over. */
export async function* eventsIn(file: string): AsyncGenerator<TrainingEvent> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const event = trainingEventSchema.safeParse(parsed(line)).data;
    if (event) yield event;
  }
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
  const events = new EventHistory();
  const gradients = new SampleHistory();
  for await (const event of eventsIn(file))
    if (event.event === 'gradients') gradients.add(event);
    else events.append([event]);
  return { events: events.events, gradients: gradients.samples };
}
