import * as vscode from 'vscode';
import type { LabCalls } from '../../engine/protocol/lab.ts';
import type { WatchedTrainings } from '../training/watchedTraining.ts';

/** What the lab's process is asked. */
export type PursuitCalls = Pick<LabCalls, 'addWeights' | 'finishFollowing'>;

/**
 * Brings weights of trainings that run to the process that draws their ways: the next sample of each is asked for when the
 * last one has been taken in, so neither is ever behind.
 */
export function pursue({ trainings, onDidChange, isOver }: WatchedTrainings, calls: PursuitCalls): vscode.Disposable {
  let taken: Promise<void> = Promise.resolve();
  const inTurn = (act: () => Promise<void>) => (taken = taken.then(act).catch(() => undefined));
  const subscriptions = trainings.map(({ weights }, i) =>
    weights.onDidSample(sample => {
      void inTurn(() => calls.addWeights(i, sample)).then(() => weights.request());
    }),
  );
  let finished = false;
  const look = () => {
    if (finished || !isOver()) return;
    finished = true;
    void inTurn(() => calls.finishFollowing());
  };
  subscriptions.push(onDidChange(look));
  for (const { weights } of trainings) weights.request();
  look();
  return vscode.Disposable.from(...subscriptions);
}
