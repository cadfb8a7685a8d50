import type { Channel } from '../../engine/protocol/channel.ts';
import { cellsOf, type ExperimentRecord, type RunResult } from '../../engine/protocol/experiment.ts';
import {
  experimentSchemas,
  type CellUpdate,
  type ExperimentProgress,
  type ExperimentToHost,
  type HostToExperiment,
  type SetupState,
} from '../../engine/protocol/experimentViews.ts';
import { withPoints, type CurvePoint } from '../../engine/protocol/runTally.ts';
import { connectHost } from './hostPort.ts';
import { Store } from './store.ts';

/** One run as it is drawn. */
export interface CellState {
  readonly variant: number;
  readonly seed: number;
  readonly points: readonly CurvePoint[];
  readonly result: RunResult | undefined;
}

/** What a panel of a comparison or a sweep draws. */
export interface ExperimentState {
  readonly setup: SetupState | undefined;
  readonly record: ExperimentRecord | undefined;
  readonly cells: readonly CellState[];
  readonly progress: ExperimentProgress;
}

export type ExperimentHost = Channel<ExperimentToHost, HostToExperiment>;

/** The cells with what is new. */
export function updated(cells: readonly CellState[], updates: readonly CellUpdate[]): CellState[] {
  const changed = [...cells];
  for (const { cell, points, result } of updates) {
    const known = changed[cell];
    if (known) changed[cell] = { ...known, points: withPoints(known.points, points), result };
  }
  return changed;
}

/** Connects the page of an experiment with its host. */
export function connectExperiment(): { readonly store: Store<ExperimentState>; readonly host: ExperimentHost } {
  const store = new Store<ExperimentState>({
    setup: undefined,
    record: undefined,
    cells: [],
    progress: { phase: 'idle', done: 0, total: 0, resumable: false, silent: [] },
  });
  const host = connectHost<ExperimentToHost, HostToExperiment>(
    {
      setup: setup => store.update({ setup }),
      reset: (record, updates) => {
        const cells = record ? cellsOf(record).map(cell => ({ ...cell, points: [], result: undefined })) : [];
        store.update({ record: record ?? undefined, cells: updated(cells, updates) });
      },
      progress: updates => store.update({ cells: updated(store.state.cells, updates) }),
      standing: progress => store.update({ progress }),
    },
    experimentSchemas,
  );
  return { store, host };
}
