import type { Channel } from '../../engine/protocol/channel.ts';
import type { RunState, TrainingToHost } from '../../engine/protocol/views.ts';
import type { Curves } from './curves.ts';

/** What the panel draws. */
export interface TrainingState {
  readonly title: string;
  readonly curves: Curves;
  readonly runState: RunState;
}

/** The host, as the panel calls it. */
export type TrainingHost = Channel<TrainingToHost, object>;
