import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { writeFileAtomically } from '../files/atomicFile.ts';
import { EngineError } from '../model/errors.ts';
import type { Setting } from '../model/experiments/variant.ts';
import { pathText } from '../model/issues.ts';
import { parseModel } from '../model/parse.ts';
import { trainingEventSchema } from '../protocol/events.ts';
import {
  cellFolder,
  cellsOf,
  recordFiles,
  type Cell,
  type ExperimentPlan,
  type ExperimentRecord,
} from '../protocol/experiment.ts';
import { RunTally } from '../protocol/runTally.ts';
import type { FinishedRun } from '../protocol/standings.ts';

export interface ExperimentOptions {
  readonly plan: ExperimentPlan;
  /** The model file. */
  readonly file: string;
  /** Where the record and the folders of the runs go. */
  readonly folder: string;
  /** Options of `train` that hold for every run. */
  readonly common: readonly string[];
  /** Those of them that the text of the plan cannot say. */
  readonly trainOptions?: readonly string[];
  readonly onRun?: ((run: FinishedRun) => void) | undefined;
}

/** One setting as an option of `train`. */
export const settingArguments = ({ path: at, value }: Setting): string[] => [
  '--set',
  `${pathText(at)}=${JSON.stringify(value)}`,
];

/** Runs every cell of an experiment, each in a process of its own, as many at once as there are cores, and keeps the record. */
export function runExperiment({
  plan,
  file,
  folder,
  common,
  trainOptions = [],
  onRun,
}: ExperimentOptions): Promise<FinishedRun[]> {
  const record = {
    ...plan,
    modelPath: path.resolve(file),
    ...(trainOptions.length > 0 && { trainOptions: [...trainOptions] }),
    started: new Date().toISOString(),
  };
  return runCells({
    ...{ record, folder, onRun, earlier: [], cells: cellsOf(plan) },
    runCell: cell =>
      runCell(cell, [
        ...['train', file, '--json', ...common, ...trainOptions, '--seed', String(cell.seed)],
        ...(plan.variants[cell.variant]?.settings ?? []).flatMap(settingArguments),
        ...['--run-dir', path.join(folder, cellFolder(plan, cell))],
      ]),
  });
}

/** What the user is told whose model asks for a GPU. */
const onCpuAllTheSame =
  'The model asks for a GPU. Runs side by side compute on the CPU all the same, one on each core; train the model alone to use a GPU.';

interface CellRuns {
  readonly record: Omit<ExperimentRecord, 'status' | 'owner' | 'results'>;
  readonly folder: string;
  /** Runs that are over already. */
  readonly earlier: readonly FinishedRun[];
  /** Those that are to be done. */
  readonly cells: readonly Cell[];
  readonly runCell: (cell: Cell) => Promise<RunTally>;
  readonly onRun: ((run: FinishedRun) => void) | undefined;
}

/** Does these runs of an experiment and keeps its record; answers with all its runs. */
export async function runCells({ record, folder, earlier, cells, runCell, onRun }: CellRuns): Promise<FinishedRun[]> {
  if (parseModel(record.model).model?.backend === 'gpu') process.stderr.write(`${onCpuAllTheSame}\n`);
  const runs = [...earlier];
  const owner = { pid: process.pid, host: os.hostname() };
  const write = (status: ExperimentRecord['status']) =>
    writeRecord(path.join(folder, recordFiles[record.kind].file), {
      ...record,
      status,
      ...(status === 'running' && { owner }),
      results: runs.map(({ result }) => result),
    });
  write('running');
  await inParallel(cells, async cell => {
    const tally = await runCell(cell);
    if (!tally.result) return;
    const run = { result: tally.result, points: tally.points };
    runs.push(run);
    write('running');
    onRun?.(run);
  });
  write('completed');
  return runs;
}

/** Does `work` for each item, as many at once as there are cores. */
export async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, lane));
}

/** One training in a process of its own; its errors go to stderr. */
export async function runCell(cell: Cell, args: readonly string[]): Promise<RunTally> {
  // The other cores are busy with other runs, and one GPU is not for all of them.
  const whole = [process.argv[1] ?? '', ...args, '--threads', '1', '--cpu'];
  const child = spawn(process.execPath, whole, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>(resolve => child.once('close', () => resolve()));
  const tally = new RunTally(cell);
  for await (const line of createInterface(child.stdout)) tally.add([trainingEventSchema.parse(JSON.parse(line))]);
  await exited;
  tally.fail('failed', 'The run could not begin.');
  return tally;
}

function writeRecord(file: string, record: ExperimentRecord): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileAtomically(file, `${JSON.stringify(record, null, 2)}\n`);
  } catch (error) {
    throw new EngineError(
      'file-not-writable',
      `The results cannot be written (${error instanceof Error ? error.message : String(error)}). Choose another place with --run-dir.`,
      { file },
      { cause: error },
    );
  }
}
