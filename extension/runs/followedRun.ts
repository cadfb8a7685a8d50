import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { WarningEvent } from '../../engine/protocol/events.ts';
import type { Run } from '../training/run.ts';
import type { RunHistory } from '../training/runHistory.ts';
import { eventsIn } from './recordedEvents.ts';
import { metricsFile, type StoredRun, type StoredRuns } from './storedRuns.ts';

/** Milliseconds between two looks at a run that another process does. */
const interval = 500;

/** Shows what a run on disk has recorded; one that another process does is followed, read-only, until it is over or another is shown. */
export async function showStored(
  run: Run,
  shown: StoredRun,
  stored: Pick<StoredRuns, 'read' | 'recorded'>,
  { unless = () => false }: { readonly unless?: () => boolean } = {},
): Promise<void> {
  const recorded = await stored.recorded(shown);
  if (unless()) return;
  const history = run.showRecorded(recorded);
  if (history?.goesOnElsewhere) void follow(run, history, recorded.end, shown, stored);
}

async function follow(
  run: Run,
  history: RunHistory,
  end: number,
  { folder }: StoredRun,
  stored: Pick<StoredRuns, 'read' | 'recorded'>,
): Promise<void> {
  const file = metricsFile(folder);
  for (let next = end, goesOn = true; goesOn;) {
    await sleep(interval);
    // Asked before its file is read: what is said last is read in any case.
    const now = await stored.read(folder);
    goesOn = now?.status === 'running';
    try {
      if (now && (await stat(file)).size < next) {
        // It was cut at a checkpoint, and its steps are done again.
        if (run.hearMore(history, [], { goesOn: true })) await showStored(run, now, stored);
        return;
      }
      for await (const { events, end: behind } of eventsIn(file, next)) {
        if (!run.hearMore(history, events, { goesOn: true })) return;
        next = behind;
      }
    } catch {
      // Its folder has been deleted meanwhile: what is shown stays.
      goesOn = false;
    }
    const last = now?.status === 'interrupted' ? [ownerGone()] : [];
    if (!run.hearMore(history, last, { goesOn })) return;
  }
}

const ownerGone = (): WarningEvent => ({
  event: 'warning',
  code: 'owner-gone',
  message: vscode.l10n.t('The process that did this run is gone. Resume goes on where it was cut off.'),
});
