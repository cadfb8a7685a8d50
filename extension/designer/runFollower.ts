import * as vscode from 'vscode';
import type { NetworkSample } from '../../engine/protocol/networkSample.ts';
import type { RunProgress } from '../../engine/protocol/views.ts';
import type { Run } from '../training/run.ts';
import type { Runs } from '../training/runs.ts';
import type { DesignerView } from './designerState.ts';

/** Milliseconds between two reports of the progress. */
const interval = 100;

export interface RunFollower {
  /** Shows where the run stands, in a page that is new. */
  show(): void;
  /** Shows the weights that a training would start from, as long as there is no training to show. */
  showFirst(sample: NetworkSample | undefined): void;
  /** The last network sample has been drawn. */
  acknowledge(): void;
  dispose(): void;
}

/** Keeps a designer informed of the training of its model: state, progress, and what the network holds. */
export function followRun(uri: vscode.Uri, runs: Runs, view: DesignerView, isShown: () => boolean): RunFollower {
  const isOwn = (run: Run) => run.uri.toString() === uri.toString();
  let shownState = '';
  let shownAt = -Infinity;
  const showState = () => {
    const run = runs.find(uri);
    const state = run?.state ?? 'idle';
    const now = performance.now();
    // The progress may wait for the next report; a change of state may not.
    if (!isShown() || (state === shownState && state !== 'idle' && now - shownAt < interval)) return;
    shownState = state;
    shownAt = now;
    void view.runState.asEvent(
      state,
      progressOf(run) ?? null,
      run?.isResumable ?? false,
      run?.keptFolder !== undefined,
    );
  };
  const follow = (run: Run) =>
    vscode.Disposable.from(
      run.network.onDidSample(sample => {
        if (isShown()) void view.network.asEvent(sample, 'run');
      }),
      run.onDidChangeState(state => {
        if (state === 'running' && isShown()) run.network.request();
      }),
    );
  const known = runs.find(uri);
  const subscriptions: vscode.Disposable[] = known ? [follow(known)] : [];
  subscriptions.push(
    runs.onDidCreate(run => {
      if (isOwn(run)) subscriptions.push(follow(run));
    }),
    runs.onDidMove(run => {
      if (isOwn(run)) subscriptions.push(follow(run));
    }),
    runs.onDidChange(run => {
      if (!isOwn(run)) return;
      showState();
      // A single step of a paused run is worth a look too.
      if (run.state === 'paused' && isShown()) run.network.request();
    }),
  );
  let shownFirst: NetworkSample | undefined;
  return {
    showFirst: sample => {
      if (!isShown() || sample === shownFirst || runs.find(uri)?.network.latest) return;
      shownFirst = sample;
      if (sample) void view.network.asEvent(sample, 'first');
    },
    show: () => {
      shownFirst = undefined;
      shownState = '';
      showState();
      const network = runs.find(uri)?.network;
      if (network?.latest) void view.network.asEvent(network.latest, 'run');
      if (runs.find(uri)?.state === 'running') network?.request();
    },
    acknowledge: () => {
      const run = runs.find(uri);
      if (isShown() && run?.state === 'running') run.network.request();
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function progressOf(run: Run | undefined): RunProgress | undefined {
  const { start, latest } = run?.status ?? {};
  if (!start || !latest) return undefined;
  const { epoch, trainLoss, validationLoss } = latest;
  return { epoch, epochs: start.epochs, trainLoss, validationLoss };
}
