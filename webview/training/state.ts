import type { Channel } from '../../engine/protocol/channel.ts';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import type { RunOverlay, TrainingPanelState, TrainingToHost } from '../../engine/protocol/views.ts';
import type { Curves } from './curves.ts';

/** What the panel draws. */
export interface TrainingState {
  readonly title: string;
  readonly curves: Curves;
  readonly panel: TrainingPanelState;
  readonly predictions: PredictionsEvent | undefined;
  readonly overlays: readonly RunOverlay[];
  /** What would help against the last alarm, in words. */
  readonly remedies: readonly string[];
}

/** The host, as the panel calls it. */
export type TrainingHost = Channel<TrainingToHost, object>;
