import * as vscode from 'vscode';
import type { StoredExperiments } from '../experiments/storedExperiments.ts';
import type { FileMoves, Moves } from '../models/fileMoves.ts';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';
import type { StoredRuns } from './storedRuns.ts';

/**
 * Keeps the runs on disk with their model when its file gets another name: their records say where it is. One that goes
 * on is left to its process, which writes its own record, and follows when it is over.
 */
export function keepRunsWithModels(
  runs: Runs,
  stored: StoredRuns,
  experiments: StoredExperiments,
  moves: FileMoves,
): vscode.Disposable {
  const followAtEnd = (run: Run) =>
    run.onDidChangeState(async state => {
      const { folder, uri } = run;
      if (state !== 'idle' || folder === undefined) return;
      const kept = await stored.read(vscode.Uri.file(folder));
      if (kept) await stored.setModelPath(kept, uri.fsPath);
    });
  return vscode.Disposable.from(
    runs.onDidCreate(followAtEnd),
    moves.onDidMove(moved => void moveAll(moved, stored, experiments)),
  );
}

/** Where the folder around a model moved with its runs, they have been found beside it already, and only their records are behind. */
async function moveAll(moved: Moves, stored: StoredRuns, experiments: StoredExperiments): Promise<void> {
  const now = (modelPath: string) => moved(vscode.Uri.file(modelPath))?.fsPath ?? modelPath;
  for (const run of await stored.all())
    if (run.status !== 'running') await stored.setModelPath(run, now(run.record.modelPath));
  for (const experiment of await experiments.all())
    if (experiment.record.status !== 'running') await experiments.setModelPath(experiment, now(experiment.modelPath));
}
