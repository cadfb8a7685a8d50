import type { Network } from '../network/network.ts';
import type { GradientsEvent, LayerGradient, TrainingEvent } from '../protocol/events.ts';
import { GradientProbe, withoutMatrices, type ProbeWishes } from './gradientProbe.ts';
import type { TrainingSession } from './session.ts';

interface SamplerOptions {
  /** Samples come with histograms, for a viewer that draws them. */
  readonly histograms?: boolean | undefined;
  /** Whether somebody looks at the weights of a layer. */
  readonly watchesLayer?: ((layerId: string) => boolean) | undefined;
}

/** Takes samples of gradients as whoever looks at them wants them. */
export class GradientSampler {
  readonly #network: Network;
  readonly #probe: GradientProbe;
  readonly #options: SamplerOptions;

  constructor(network: Network, options: SamplerOptions) {
    this.#network = network;
    this.#probe = new GradientProbe(network);
    this.#options = options;
  }

  /** What is looked at. Of the last step every matrix is shown, since it is not known which one will be looked at. */
  wishes(isLast: boolean): ProbeWishes {
    const { histograms = false, watchesLayer } = this.#options;
    const matrices = this.#network.parameters
      .filter(({ kind, layerId }) => kind === 'weight' && watchesLayer && (isLast || watchesLayer(layerId)))
      .map(({ layerId }) => layerId);
    return { histograms, matrices };
  }

  /** Called before the update of a step that is sampled. */
  beforeUpdate(): void {
    this.#probe.beforeUpdate();
  }

  /** Called after it. */
  sample(rows: number, wishes: ProbeWishes): LayerGradient[] {
    this.#probe.afterUpdate(rows, wishes);
    return this.#probe.read(wishes);
  }
}

/** What is told of the gradients of a session's last step. */
export const gradientsEvent = (
  session: Pick<TrainingSession, 'step' | 'epochOf'>,
  layers: LayerGradient[],
): GradientsEvent => ({
  event: 'gradients',
  step: session.step,
  epoch: session.epochOf(session.step),
  layers,
});

/** An event as the run folder keeps it: without what only a viewer draws for the moment. */
export const recorded = (event: TrainingEvent): TrainingEvent =>
  event.event === 'gradients' ? { ...event, layers: event.layers.map(withoutMatrices) } : event;
