import type { Operations, Matrix, Scalar } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { Layer } from '../model/schema.ts';
import { DenseLayer } from './dense.ts';
import { DropoutLayer } from './dropout.ts';
import type { LayerPlace, Mode, NetworkLayer } from './layer.ts';
import { BatchNormLayer, LayerNormLayer } from './norms.ts';
import { ResidualBlock } from './residual.ts';

/** Layers in a row, each fed by the one before it: a whole network, or the inside of a residual block. */
export class Path implements NetworkLayer {
  readonly layers: readonly NetworkLayer[];
  readonly outputs: number;
  readonly parameters;
  readonly statistics;
  readonly nodes;
  /** Input of each layer in the last forward pass, and the output of the last. */
  readonly #values: Matrix[] = [];

  constructor(layers: readonly NetworkLayer[], inputs: number) {
    this.layers = layers;
    this.outputs = layers.at(-1)?.outputs ?? inputs;
    this.parameters = layers.flatMap(layer => layer.parameters);
    this.statistics = layers.flatMap(layer => layer.statistics);
    this.nodes = layers.flatMap(layer => layer.nodes);
  }

  initialize(random: Random): void {
    for (const layer of this.layers) layer.initialize(random);
  }

  drawMasks(random: Random, rows: number): void {
    for (const layer of this.layers) layer.drawMasks(random, rows);
  }

  forward(input: Matrix, mode: Mode): Matrix {
    let value = input;
    this.layers.forEach((layer, i) => {
      this.#values[i] = value;
      value = layer.forward(value, mode);
    });
    this.#values[this.layers.length] = value;
    return value;
  }

  backward(_input: Matrix, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined {
    return this.backwardFrom(this.layers.length - 1, outputGradient, needsInputGradient);
  }

  /** `backward` through the layers up to `last`, given the gradient of its output. */
  backwardFrom(last: number, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined {
    let gradient: Matrix | undefined = outputGradient;
    for (let i = last; i >= 0 && gradient; i--) {
      const input = this.#values[i];
      gradient = input && this.layers[i]?.backward(input, gradient, needsInputGradient || i > 0);
    }
    return gradient;
  }

  /** What the layer at `index` was fed in the last forward pass; past the last one, what that one gave. */
  inputOf(index: number): Matrix {
    const input = this.#values[index];
    if (!input) throw new RangeError(`Nothing has passed layer ${String(index)} yet.`);
    return input;
  }

  addPenalty(sum: Scalar, withGradient: boolean): void {
    for (const layer of this.layers) layer.addPenalty(sum, withGradient);
  }
}

/** Builds the layers that a model describes, one after the other. */
export function buildPath(
  settings: readonly Layer[],
  { backend, inputs, capacity }: { readonly backend: Operations; readonly inputs: number; readonly capacity: number },
  prefix = '',
): Path {
  let width = inputs;
  const layers = settings.map(layer => {
    const built = buildLayer(layer, { backend, name: prefix + layer.id, inputs: width, capacity });
    width = built.outputs;
    return built;
  });
  return new Path(layers, inputs);
}

function buildLayer(settings: Layer, place: LayerPlace): NetworkLayer {
  switch (settings.type) {
    case 'dense':
      return new DenseLayer(place, settings);
    case 'dropout':
      return new DropoutLayer(place, settings);
    case 'batchNorm':
      return new BatchNormLayer(place, settings);
    case 'layerNorm':
      return new LayerNormLayer(place, settings);
    case 'residual':
      return new ResidualBlock(place, buildPath(settings.layers, place, `${place.name}.`));
  }
}
