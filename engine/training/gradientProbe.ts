import type { Matrix, Numbers } from '../backends/backend.ts';
import type { Activation } from '../model/layerFields.ts';
import type { Network } from '../network/network.ts';
import type { Parameter } from '../network/parameter.ts';
import { largestPicture, type LayerGradient, type MatrixPicture } from '../protocol/events.ts';
import { histogramOf } from './histogram.ts';

export interface ProbeOptions {
  readonly histograms: boolean;
  /** Layers whose matrices somebody looks at. */
  readonly watched?: (layerId: string) => boolean;
}

/**
 * Summarizes the gradients of one step, layer by layer: ‖∂L/∂W‖₂, ‖∂L/∂b‖₂, ‖W‖₂, ‖ΔW‖₂/‖W‖₂, and the share of dead and of
 * saturated nodes. Costs a copy of the weights, so it is asked for only when somebody looks.
 */
export class GradientProbe {
  readonly #network: Network;
  #before: ReadonlyMap<Parameter, Numbers> = new Map();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Called before the update. */
  beforeUpdate(): void {
    this.#before = new Map(
      this.#network.parameters
        .filter(({ kind }) => kind === 'weight')
        .map(parameter => [parameter, parameter.value.values.slice()]),
    );
  }

  /** Called after the update, before anything else passes the network; `rows` is the batch's. */
  layers(rows: number, { histograms, watched = () => false }: ProbeOptions): LayerGradient[] {
    const { parameters, nodes } = this.#network;
    return [...this.#before].map(([weight, before]) => {
      const { layerId } = weight;
      const bias = parameters.find(other => other.layerId === layerId && other.kind === 'bias');
      const view = nodes.find(node => node.layerId === layerId);
      const output = view?.output(rows);
      const weightNorm = norm(before);
      const change = weight.value.values.map((value, i) => value - (before[i] ?? 0));
      return {
        layerId,
        weightGradientNorm: norm(weight.gradient.values),
        biasGradientNorm: bias ? norm(bias.gradient.values) : 0,
        weightNorm,
        updateRatio: weightNorm > 0 ? Math.min(norm(change) / weightNorm, Number.MAX_VALUE) : 0,
        ...(view && output && shares(view.activation, output)),
        ...(histograms &&
          output && {
            histograms: {
              weights: histogramOf(weight.value.values),
              weightGradients: histogramOf(weight.gradient.values),
              activations: histogramOf(output.values, output.rows * output.columns),
            },
          }),
        ...(watched(layerId) && {
          matrices: { weight: pictureOf(weight.value), weightGradient: pictureOf(weight.gradient) },
        }),
      };
    });
  }
}

/** The numbers of a layer without what only a viewer draws for the moment. */
export function withoutMatrices(layer: LayerGradient): LayerGradient {
  const numbers = { ...layer };
  delete numbers.matrices;
  return numbers;
}

const pictureOf = ({ rows, columns, values }: Matrix): MatrixPicture => ({
  rows,
  columns,
  values: Array.from({ length: Math.min(rows, largestPicture) }, (_, row) =>
    Array.from(values.subarray(row * columns, row * columns + Math.min(columns, largestPicture))),
  ),
});

/** Outputs beyond these have a derivative below 5 % of the largest: z(1 − z) < 0.05/4, and 1 − z² < 0.05. */
const saturation: Partial<Record<Activation, (z: number) => boolean>> = {
  sigmoid: z => z * (1 - z) < 0.0125,
  tanh: z => 1 - z * z < 0.05,
};

function shares(activation: Activation, { rows, columns, values }: Matrix): Partial<LayerGradient> {
  const saturated = saturation[activation];
  if (saturated) {
    let count = 0;
    for (let i = 0; i < rows * columns; i++) if (saturated(values[i]!)) count++;
    return { saturatedShare: count / (rows * columns) };
  }
  if (activation !== 'relu') return {};
  let dead = 0;
  for (let c = 0; c < columns; c++) {
    let r = 0;
    while (r < rows && values[r * columns + c] === 0) r++;
    if (r === rows) dead++;
  }
  return { deadShare: dead / columns };
}

/** ‖x‖₂ = s √Σ(x/s)² with s = max |x|, so that no square overflows. At most the largest number there is. */
function norm(values: Numbers): number {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, Math.abs(value));
  if (scale === 0) return 0;
  let sum = 0;
  for (const value of values) sum += (value / scale) ** 2;
  return Math.min(scale * Math.sqrt(sum), Number.MAX_VALUE);
}
