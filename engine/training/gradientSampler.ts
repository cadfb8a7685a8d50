import type { Network } from '../network/network.ts';
import type { GradientsEvent, TrainingEvent } from '../protocol/events.ts';
import { GradientProbe, withoutMatrices } from './gradientProbe.ts';
import type { TrainingSession } from './session.ts';

interface SamplerOptions {
  /** Samples come with histograms, for a viewer that draws them. */
  readonly histograms?: boolean | undefined;
  /** Whether somebody looks at the weights of a layer. */
  readonly watchesLayer?: ((layerId: string) => boolean) | undefined;
}

/** Takes samples of gradients as whoever looks at them wants them. */
export class GradientSampler {
  readonly #probe: GradientProbe;
  readonly #options: SamplerOptions;

  constructor(network: Network, options: SamplerOptions) {
    this.#probe = new GradientProbe(network);
    this.#options = options;
  }

  /** Called before the update of a step that is sampled. */
  beforeUpdate(): void {
    this.#probe.beforeUpdate();
  }

  /** Called after it. Of the last step every matrix is shown, since it is not known which one will be looked at. */
  sample(session: Pick<TrainingSession, 'step' | 'epochOf'>, rows: number, isLast: boolean): GradientsEvent {
    const { step } = session;
    const { histograms = false, watchesLayer } = this.#options;
    const watched = watchesLayer && isLast ? () => true : watchesLayer;
    const layers = this.#probe.layers(rows, { histograms, ...(watched && { watched }) });
    return { event: 'gradients', step, epoch: session.epochOf(step), layers };
  }
}

/** An event as the run folder keeps it: without what only a viewer draws for the moment. */
export const recorded = (event: TrainingEvent): TrainingEvent =>
  event.event === 'gradients' ? { ...event, layers: event.layers.map(withoutMatrices) } : event;
