import type { Channel } from '../../engine/protocol/channel.ts';
import type { GradientsEvent } from '../../engine/protocol/events.ts';
import type { GradientsToHost, ShownVerdict } from '../../engine/protocol/views.ts';

export interface GradientsState {
  /** The run that speaks; '' when there is none. */
  readonly title: string;
  /** It goes on, so more samples may come. */
  readonly live: boolean;
  /** Oldest first. */
  readonly samples: readonly GradientsEvent[];
  /** The sample that the scrubber has chosen; undefined follows the latest. */
  readonly chosen: number | undefined;
  readonly verdict: ShownVerdict | null;
  /** The selected layer by its full name; '' for none. */
  readonly selected: string;
}

export type GradientsHost = Channel<GradientsToHost, object>;

/** Which of a layer's numbers the histogram shows. */
export const histogramKinds = ['weightGradients', 'weights', 'activations'] as const;
export type HistogramKind = (typeof histogramKinds)[number];
