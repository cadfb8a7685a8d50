import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelInFile } from '../model/modelInFile.ts';
import { trainingEventSchema, type TrainingEvent } from '../protocol/events.ts';
import { thinned } from '../protocol/thinning.ts';
import type { RunRecord } from '../protocol/runRecord.ts';
import { requireModel } from './readModelFile.ts';
import { readRunRecord } from './runFolder.ts';

/** What may be chosen anew when a run goes on. */
export interface ResumeChoices {
  readonly modelFile?: string | undefined;
  readonly epochs?: number | undefined;
}

/** An earlier run that can go on. */
export interface ResumableRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** The snapshot of its model, on the backend it ran on. */
  readonly source: ModelInFile;
}

/**
 * Reads what a run was; `epochs` lets it go on for longer than its model says. Its model is the snapshot, whatever the file says
 * by now; `modelFile` tells where the file is, when it has been moved, because data are found beside it.
 * Throws `file-not-readable`, `invalid-run` or `invalid-model`.
 */
export function readResumableRun(folder: string, { modelFile, epochs }: ResumeChoices = {}): ResumableRun {
  const read = readRunRecord(folder);
  const record = { ...read, ...(epochs !== undefined && { epochs }) };
  const { model, ...file } = requireModel(record.model, modelFile ?? record.modelPath);
  // `auto` might choose another backend today, whose numbers differ in the last bits.
  const { backend } = record;
  const training = { ...model.training, epochs: record.epochs ?? model.training.epochs };
  return { folder, record, source: { ...file, model: { ...model, backend, training } } };
}

/** Metrics that are told again of a run that goes on; nobody draws more. */
const maximumReplay = 20_000;

/** What a run has recorded between its start and its end, for who shows it when it goes on: metrics evenly over its steps. */
export function readReplay(folder: string): TrainingEvent[] {
  const events = readEvents(folder);
  const shown = new Set(
    thinned(
      events.filter(event => event.event === 'metrics'),
      maximumReplay,
    ),
  );
  return events.filter(event =>
    event.event === 'metrics' ? shown.has(event) : event.event !== 'start' && event.event !== 'end',
  );
}

/** The events that a run has recorded; a last line that is torn is passed over. */
export const readEvents = (folder: string): TrainingEvent[] => recordedLines(folder).flatMap(eventsIn);

/** What a run began with; undefined where nothing is recorded. */
export function firstEvent(folder: string): TrainingEvent | undefined {
  const [line = ''] = recordedLines(folder);
  return eventsIn(line)[0];
}

const recordedLines = (folder: string): string[] =>
  readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').split('\n');

function eventsIn(line: string): TrainingEvent[] {
  try {
    return [trainingEventSchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
