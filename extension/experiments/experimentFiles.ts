import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  cellFolder,
  cellsOf,
  experimentRecordSchema,
  recordFiles,
  type ExperimentKind,
  type ExperimentRecord,
} from '../../engine/protocol/experiment.ts';
import { folderNameOf, timedName } from '../../engine/protocol/runNames.ts';
import { runRecordSchema } from '../../engine/protocol/runRecord.ts';
import { RunTally } from '../../engine/protocol/runTally.ts';
import { modelByName, modelPathNow } from '../runs/modelOfRuns.ts';
import { isAlive } from '../runs/owners.ts';
import { eventsIn } from '../runs/recordedEvents.ts';

/** Where the experiments of a model lie, beside its other runs. */
const folderOf = (modelFile: string, modelName: string): string =>
  path.join(path.dirname(modelFile), '.mlp-runs', folderNameOf(modelName));

export const newExperimentFolder = (modelFile: string, modelName: string, kind: ExperimentKind): string =>
  path.join(
    folderOf(modelFile, modelName),
    `${timedName(new Date(), randomBytes(3).toString('hex'))}${recordFiles[kind].suffix}`,
  );

/** Writes the record so that it is whole or the old one. */
export async function writeRecord(folder: string, record: ExperimentRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, recordFiles[record.kind].file);
  const temporary = `${file}.${randomBytes(3).toString('hex')}.tmp`;
  await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
  await rename(temporary, file);
}

/** A record on disk, interrupted if nobody is at work in it any more; undefined when there is none or it is damaged. */
export async function readRecord(folder: string, kind: ExperimentKind): Promise<ExperimentRecord | undefined> {
  const file = path.join(folder, recordFiles[kind].file);
  try {
    const read = await writtenRecord(folder, kind);
    const named = read.modelPath ?? (await modelOfRuns(folder, read));
    const record = { ...read, modelPath: named === undefined ? modelByName(folder) : modelPathNow(folder, named) };
    if (record.status !== 'running') return record;
    const { owner } = record;
    const alive = owner && (await isAlive(owner, () => lastSign(folder, file)));
    return alive ? record : { ...record, status: 'interrupted' };
  } catch {
    return undefined;
  }
}

/** The record as it is on disk. Rejects where there is none, or it is damaged. */
export const writtenRecord = async (folder: string, kind: ExperimentKind): Promise<ExperimentRecord> =>
  experimentRecordSchema.parse(JSON.parse(await readFile(path.join(folder, recordFiles[kind].file), 'utf8')));

/** The model of an experiment whose record does not name it, as the records of early versions: its runs do. */
async function modelOfRuns(folder: string, record: ExperimentRecord): Promise<string | undefined> {
  for (const cell of cellsOf(record))
    try {
      const run = await readFile(path.join(folder, cellFolder(record, cell), 'run.json'), 'utf8');
      return runRecordSchema.parse(JSON.parse(run)).modelPath;
    } catch {
      // This one has not begun, or its record is damaged; another may tell.
    }
  return undefined;
}

/** When the record was written last, or a run of the experiment gave its last heartbeat. */
async function lastSign(folder: string, record: string): Promise<number> {
  const locks = (await readdir(folder)).map(name => path.join(folder, name, 'owner.lock'));
  const times = await Promise.all(
    [record, ...locks].map(file =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}

/** Every kept experiment of a model, the latest first. */
export async function savedExperiments(
  modelFile: string,
  modelName: string,
  kind: ExperimentKind,
): Promise<{ readonly folder: string; readonly record: ExperimentRecord }[]> {
  const parent = folderOf(modelFile, modelName);
  const names = await readdir(parent).catch(() => []);
  const folders = names
    .filter(name => name.endsWith(recordFiles[kind].suffix))
    .sort()
    .reverse();
  const found = await Promise.all(
    folders.map(async name => {
      const folder = path.join(parent, name);
      const record = await readRecord(folder, kind);
      return record ? [{ folder, record }] : [];
    }),
  );
  return found.flat();
}

/** Whether a run of the experiment has begun, so that it can go on. */
export const hasBegun = (folder: string): boolean => existsSync(path.join(folder, 'run.json'));

/** The runs of an experiment as their `metrics.jsonl` tell them; one without a file has said nothing. What killed a run stands in the record. */
export const readTallies = (folder: string, record: ExperimentRecord): Promise<RunTally[]> =>
  Promise.all(
    cellsOf(record).map(async cell => {
      const tally = new RunTally(cell);
      await follow(path.join(folder, cellFolder(record, cell), 'metrics.jsonl'), tally).catch(() => undefined);
      const known = record.results.find(({ variant, seed }) => variant === cell.variant && seed === cell.seed);
      if (known?.reason === 'failed') tally.fail('failed', known.message ?? '');
      return tally;
    }),
  );

async function follow(file: string, tally: RunTally): Promise<void> {
  for await (const { events } of eventsIn(file)) tally.add(events);
}
