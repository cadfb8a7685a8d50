import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../model/errors.ts';
import {
  cellFolder,
  cellsOf,
  experimentKinds,
  experimentRecordSchema,
  isUnfinished,
  recordFiles,
  type Cell,
  type ExperimentRecord,
} from '../protocol/experiment.ts';
import { RunTally } from '../protocol/runTally.ts';
import type { FinishedRun } from '../protocol/standings.ts';
import { readEvents } from '../training/resume.ts';
import { isPresent } from '../training/runLock.ts';
import { runCell, runCells, settingArguments } from './experimentRuns.ts';

/** Reads the record of a comparison or a sweep. Throws `file-not-readable`, `invalid-run` or `run-in-use`. */
export function readExperiment(folder: string): ExperimentRecord {
  const kind = experimentKinds.find(one => existsSync(path.join(folder, recordFiles[one].file)));
  if (!kind)
    throw new EngineError(
      'file-not-readable',
      'There is no comparison in this folder. Name the folder that holds a comparison.json or a sweep.json.',
      { file: folder },
    );
  const file = path.join(folder, recordFiles[kind].file);
  const record = parsed(file);
  if (!record)
    throw new EngineError('invalid-run', `The ${recordFiles[kind].file} is damaged. Start a new ${kind}.`, { file });
  if (record.status === 'running' && record.owner && isPresent(record.owner, () => statSync(file).mtimeMs))
    throw new EngineError('run-in-use', `Another process is at work in this ${kind}. Stop it there first.`, {
      file: folder,
    });
  return record;
}

function parsed(file: string): ExperimentRecord | undefined {
  try {
    return experimentRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Does the runs of an experiment that are missing and goes on with those that were cut off, each from its checkpoint. Everything is
 * trained with the record's snapshot of the model, whatever its file says by now; `file` is where it lies, since data are found beside it.
 */
export async function resumeExperiment(
  { results, ...record }: ExperimentRecord,
  { folder, file, onRun }: { folder: string; file: string; onRun: (run: FinishedRun) => void },
): Promise<FinishedRun[]> {
  const folderOf = (cell: Cell) => path.join(folder, cellFolder(record, cell));
  const tallyOf = (cell: Cell) => recordedTally(cell, folderOf(cell));
  const known = cellsOf(record).map(cell => {
    const tally = tallyOf(cell);
    const died = results.find(({ variant, seed }) => variant === cell.variant && seed === cell.seed);
    // What killed a run stands in the record alone.
    if (died?.reason === 'failed') tally.fail('failed', died.message ?? '');
    return { cell, result: tally.result, points: tally.points };
  });
  const snapshots = mkdtempSync(path.join(tmpdir(), 'mlp-studio-resumed-'));
  const snapshot = path.join(snapshots, path.basename(file));
  try {
    writeFileSync(snapshot, record.model);
    return await runCells({
      record: { ...record, modelPath: path.resolve(file) },
      ...{ folder, onRun },
      earlier: known.flatMap(({ result, points }) => (result && !isUnfinished(result) ? { result, points } : [])),
      cells: known.flatMap(({ cell, result }) => (isUnfinished(result) ? cell : [])),
      runCell: async cell => {
        const begun = existsSync(path.join(folderOf(cell), 'run.json'));
        if (!begun)
          return runCell(cell, [
            ...['train', snapshot, '--as', file, '--json', '--seed', String(cell.seed), '--run-dir', folderOf(cell)],
            ...(record.variants[cell.variant]?.settings ?? []).flatMap(settingArguments),
            ...(record.trainOptions ?? []),
          ]);
        const rest = await runCell(cell, ['train', file, '--json', '--resume', folderOf(cell)]);
        // A run that went on says only what came after; its file says all.
        return rest.result?.reason === 'failed' ? rest : tallyOf(cell);
      },
    });
  } finally {
    rmSync(snapshots, { recursive: true, force: true });
  }
}

/** What the file of a run tells; nothing where there is none. */
function recordedTally(cell: Cell, folder: string): RunTally {
  const tally = new RunTally(cell);
  if (existsSync(path.join(folder, 'metrics.jsonl'))) tally.add(readEvents(folder));
  return tally;
}
