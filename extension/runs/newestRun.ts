import * as vscode from 'vscode';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';
import { showStored } from './followedRun.ts';
import type { StoredRuns } from './storedRuns.ts';

/** A window that was reloaded knows of no run: the newest of this model on disk is shown. */
export async function showLatestOf(run: Run, stored: StoredRuns): Promise<void> {
  const latest = await stored.latestOf(run.uri);
  if (!latest || run.events.length > 0) return;
  await showStored(run, latest, stored, { unless: () => run.events.length > 0 });
}

/** The same for the newest run of all, unless one has been shown by then. */
export async function showNewest(runs: Runs, stored: StoredRuns): Promise<void> {
  const [newest] = await stored.all();
  if (newest && !runs.latest) await showLatestOf(runs.of(vscode.Uri.file(newest.record.modelPath)), stored);
}
