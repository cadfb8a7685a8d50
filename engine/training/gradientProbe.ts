import type { Matrix, Numbers, Operations, Saturating, Scalar, Summaries } from '../backends/backend.ts';
import { referenceBackend } from '../backends/reference/reference.ts';
import { referenceSummaries } from '../backends/reference/summaries.ts';
import { histogramBins, normOf, summarySize } from '../backends/summaries.ts';
import type { Activation } from '../model/layerFields.ts';
import type { NodeView } from '../network/layer.ts';
import type { Network } from '../network/network.ts';
import { tensorName, type Parameter } from '../network/parameter.ts';
import { largestPicture, type Histogram, type LayerGradient, type MatrixPicture } from '../protocol/events.ts';

/** What somebody looks at. */
export interface ProbeWishes {
  readonly histograms: boolean;
  /** Layers whose matrices are drawn. */
  readonly matrices: readonly string[];
}

/** Where a probe's numbers are summarized: where they are. */
type ProbeBackend = Pick<Operations, 'allocate' | 'allocateScalar'> & { readonly summaries: Summaries };

const host: ProbeBackend = {
  allocate: (rows, columns) => referenceBackend.allocate(rows, columns),
  allocateScalar: () => referenceBackend.allocateScalar(),
  summaries: referenceSummaries,
};

/** The summaries of one dense layer. */
interface Room {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly nodes: NodeView | undefined;
  /** The weights before the update, and then what it has changed. */
  readonly change: Matrix;
  readonly before: Matrix;
  readonly changed: Matrix;
  readonly weightGradient: Matrix;
  readonly biasGradient: Matrix;
  readonly share: Scalar;
  readonly histograms: Readonly<Record<'weights' | 'weightGradients' | 'activations', HistogramRoom>>;
}

interface HistogramRoom {
  readonly summary: Matrix;
  readonly counts: Matrix;
}

/**
 * Summarizes the gradients of one step, layer by layer: ‖∂L/∂W‖₂, ‖∂L/∂b‖₂, ‖W‖₂, ‖ΔW‖₂/‖W‖₂, and the share of dead and of
 * saturated nodes. Costs a copy of the weights, so it is asked for only when somebody looks.
 *
 * `beforeUpdate` and `afterUpdate` call nothing but operations of the backend, so a device records them, and `read` then looks at a few numbers.
 */
export class GradientProbe {
  readonly #network: Network;
  readonly #backend: ProbeBackend;
  #rooms: readonly Room[] | undefined;

  constructor(network: Network, backend = host) {
    this.#network = network;
    this.#backend = backend;
  }

  /** Before the update. */
  beforeUpdate(): void {
    for (const { weight, change } of this.#layers()) this.#backend.summaries.copy(weight.value, change);
  }

  /** After the update, before anything else passes the network; `rows` is the batch's. */
  afterUpdate(rows: number, { histograms }: ProbeWishes): void {
    const { summaries } = this.#backend;
    for (const room of this.#layers()) {
      const { weight, bias, nodes, change } = room;
      summaries.summarize(change, room.before);
      summaries.difference(weight.value, change, change);
      summaries.summarize(change, room.changed);
      summaries.summarize(weight.gradient, room.weightGradient);
      if (bias) summaries.summarize(bias.gradient, room.biasGradient);
      if (nodes && saturates(nodes.activation))
        summaries.saturatedShare(nodes.activation, nodes.output(rows), room.share);
      if (nodes?.activation === 'relu') summaries.deadShare(nodes.output(rows), room.share);
      if (!histograms || !nodes) continue;
      const { weights, weightGradients, activations } = room.histograms;
      summaries.summarize(weight.value, weights.summary);
      summaries.count(weight.value, weights.summary, weights.counts);
      summaries.count(weight.gradient, weightGradients.summary, weightGradients.counts);
      summaries.summarize(nodes.output(rows), activations.summary);
      summaries.count(nodes.output(rows), activations.summary, activations.counts);
    }
  }

  /** What `read` looks at. */
  numbers({ histograms, matrices }: ProbeWishes): (Numbers | Scalar)[] {
    return this.#layers().flatMap(room => {
      const { weight, bias, nodes, before, changed, weightGradient, biasGradient, share } = room;
      const { weights, weightGradients, activations } = room.histograms;
      return [
        ...[before, changed, weightGradient, ...(bias ? [biasGradient] : [])].map(({ values }) => values),
        ...(hasShare(nodes) ? [share] : []),
        ...(histograms && nodes
          ? [weights.summary, weights.counts, weightGradients.counts, activations.summary, activations.counts]
          : []
        ).map(({ values }) => values),
        ...(matrices.includes(weight.layerId) ? [weight.value.values, weight.gradient.values] : []),
      ];
    });
  }

  /** The first gradient that is not finite, by the name of its tensor. */
  fault(): string | undefined {
    for (const { weight, bias, weightGradient, biasGradient } of this.#layers()) {
      if (weightGradient.values[faults] !== 0) return tensorName(weight);
      if (bias && biasGradient.values[faults] !== 0) return tensorName(bias);
    }
    return undefined;
  }

  /** What has been found, where there is no fault. */
  read({ histograms, matrices }: ProbeWishes): LayerGradient[] {
    return this.#layers().map(room => {
      const { weight, bias, nodes } = room;
      const weightNorm = normOf(room.before);
      const { weights, weightGradients, activations } = room.histograms;
      return {
        layerId: weight.layerId,
        weightGradientNorm: normOf(room.weightGradient),
        biasGradientNorm: bias ? normOf(room.biasGradient) : 0,
        weightNorm,
        updateRatio: weightNorm > 0 ? Math.min(normOf(room.changed) / weightNorm, Number.MAX_VALUE) : 0,
        ...(hasShare(nodes) && { [nodes.activation === 'relu' ? 'deadShare' : 'saturatedShare']: room.share[0] ?? 0 }),
        ...(histograms &&
          nodes && {
            histograms: {
              weights: histogramOf(weights),
              weightGradients: histogramOf(weightGradients),
              activations: histogramOf(activations),
            },
          }),
        ...(matrices.includes(weight.layerId) && {
          matrices: { weight: pictureOf(weight.value), weightGradient: pictureOf(weight.gradient) },
        }),
      };
    });
  }

  /** Made when somebody looks for the first time. */
  #layers(): readonly Room[] {
    const { parameters } = this.#network;
    return (this.#rooms ??= parameters.filter(({ kind }) => kind === 'weight').map(weight => this.#roomOf(weight)));
  }

  #roomOf(weight: Parameter): Room {
    const { parameters, nodes } = this.#network;
    const { layerId, value } = weight;
    const summary = () => this.#backend.allocate(1, summarySize);
    const counts = () => this.#backend.allocate(1, histogramBins);
    const weightGradient = summary();
    return {
      weight,
      bias: parameters.find(other => other.layerId === layerId && other.kind === 'bias'),
      nodes: nodes.find(node => node.layerId === layerId),
      change: this.#backend.allocate(value.rows, value.columns),
      ...{ before: summary(), changed: summary(), weightGradient, biasGradient: summary() },
      share: this.#backend.allocateScalar(),
      histograms: {
        weights: { summary: summary(), counts: counts() },
        weightGradients: { summary: weightGradient, counts: counts() },
        activations: { summary: summary(), counts: counts() },
      },
    };
  }
}

/** The numbers of a layer without what only a viewer draws for the moment. */
export function withoutMatrices(layer: LayerGradient): LayerGradient {
  const numbers = { ...layer };
  delete numbers.matrices;
  return numbers;
}

/** Where a summary says how many numbers are not finite. */
const faults = 2;

const saturates = (activation: Activation): activation is Saturating =>
  activation === 'sigmoid' || activation === 'tanh';

const hasShare = (nodes: NodeView | undefined): nodes is NodeView =>
  nodes !== undefined && (nodes.activation === 'relu' || saturates(nodes.activation));

const histogramOf = ({ summary, counts }: HistogramRoom): Histogram => {
  const [min = 0, max = 0] = summary.values;
  return { min, max, counts: [...counts.values] };
};

const pictureOf = ({ rows, columns, values }: Matrix): MatrixPicture => ({
  rows,
  columns,
  values: Array.from({ length: Math.min(rows, largestPicture) }, (_, row) =>
    Array.from(values.subarray(row * columns, row * columns + Math.min(columns, largestPicture))),
  ),
});
