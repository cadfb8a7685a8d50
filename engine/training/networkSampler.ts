import { firstRows, type Backend, type Matrix } from '../backends/backend.ts';
import type { LoadedData } from '../data/load.ts';
import { planeOf } from '../data/plane.ts';
import { drawnUnits } from '../model/drawnUnits.ts';
import type { Network } from '../network/network.ts';
import { tensorName } from '../network/parameter.ts';
import type { Activation } from '../model/layerFields.ts';
import { walkLayers } from '../model/layerTree.ts';
import type { Layer } from '../model/schema.ts';
import { pictureSize, type LayerSample, type NetworkSample } from '../protocol/networkSample.ts';

/** Activations whose values lie between 0 and 1. */
const probabilityActivations: ReadonlySet<Activation> = new Set<Activation>(['sigmoid', 'softmax', 'step']);
/** Training rows that mean activations are taken over, and points of a picture that are computed at once. */
const rowsAtOnce = 64;

/** A network and where it stands: a training, or one that has not begun. */
export interface SampledNetwork {
  readonly network: Network;
  readonly step: number;
  epochOf(step: number): number;
}

interface SamplerOptions {
  /** Without them a sample costs one pass, with them as many as a picture has points. */
  readonly withPictures?: boolean;
}

/**
 * Looks at the drawn nodes of a network: their weights, biases, gradients, mean outputs, and where the data lie in a plane
 * their outputs over a square of it. It passes rows through the network as after training, so it must
 * be asked between two steps, and changes nothing that a step reads.
 */
export class NetworkSampler {
  readonly #session: SampledNetwork;
  readonly #training: { readonly rows: Int32Array; readonly features: Matrix };
  readonly #rows: Matrix;
  /** Layers whose outputs lie between 0 and 1. */
  readonly #probabilities: ReadonlySet<string>;
  /** The inputs of a square of the plane, row by row from the top; undefined where the data lie in none. */
  readonly #square: Matrix | undefined;

  constructor(
    session: SampledNetwork,
    layers: readonly Layer[],
    backend: Backend,
    data: LoadedData,
    { withPictures = true }: SamplerOptions = {},
  ) {
    this.#session = session;
    const { features, split } = data;
    const count = Math.min(rowsAtOnce, features.rows, session.network.capacity);
    this.#rows = backend.allocate(count, features.columns);
    const chosen = split.train.subarray(0, count);
    this.#training = { rows: chosen, features };
    this.#probabilities = new Set(
      [...walkLayers(layers)]
        .filter(({ layer }) => layer.type === 'dense' && probabilityActivations.has(layer.activation))
        .map(({ name }) => name),
    );
    const plane = withPictures ? planeOf(data) : undefined;
    this.#square = plane?.inputsOf(squareOf(plane.points, split.train));
  }

  /** A sample of every layer; undefined when one of its numbers is not finite. */
  sample(): NetworkSample | undefined {
    const { rows, features } = this.#training;
    const input = this.#fill(rows.length, (row, column) => at(features, rows[row] ?? 0, column));
    this.#session.network.forward(input);
    const layers = this.#sampleOutputs(input.columns);
    this.#addPictures(layers);
    const { step } = this.#session;
    return layers.every(isFinite) ? { step, epoch: this.#session.epochOf(step), layers } : undefined;
  }

  #sampleOutputs(inputs: number): LayerSample[] {
    const parameters = new Map(this.#session.network.parameters.map(parameter => [tensorName(parameter), parameter]));
    return [...this.#session.network.outputs()].map(([name, output]) => {
      const weight = parameters.get(`${name}.weight`);
      const bias = parameters.get(`${name}.bias`);
      const drawn = drawnUnits(output.columns);
      const from = drawnUnits(weight?.value.columns ?? inputs);
      const pick = (matrix: Matrix) => drawn.flatMap(row => from.map(column => at(matrix, row, column)));
      const pickBias = (matrix: Matrix) => drawn.map(unit => at(matrix, 0, unit));
      return {
        name,
        inputs: weight?.value.columns ?? output.columns,
        outputs: output.columns,
        weights: weight ? pick(weight.value) : [],
        weightGradients: weight ? pick(weight.gradient) : [],
        largestWeight: weight ? largest(weight.value.values) : 0,
        biases: bias ? pickBias(bias.value) : [],
        biasGradients: bias ? pickBias(bias.gradient) : [],
        activations: drawn.map(unit => mean(output, unit)),
        pictures: [],
      };
    });
  }

  #addPictures(layers: readonly LayerSample[]): void {
    const square = this.#square;
    if (!square) return;
    const values = layers.map(({ outputs }) => drawnUnits(outputs).map(() => new Float64Array(pictureSize ** 2)));
    const points = pictureSize ** 2;
    for (let start = 0; start < points; start += this.#rows.rows) {
      const count = Math.min(this.#rows.rows, points - start);
      this.#session.network.forward(this.#fill(count, (row, column) => at(square, start + row, column)));
      const outputs = this.#session.network.outputs();
      layers.forEach(({ name, outputs: width }, i) => {
        const output = outputs.get(name);
        if (!output) return;
        for (const [node, unit] of drawnUnits(width).entries())
          for (let row = 0; row < count; row++) values[i]![node]![start + row] = at(output, row, unit);
      });
    }
    layers.forEach(({ name, pictures }, i) =>
      pictures.push(...(values[i] ?? []).map(picture => toBytes(picture, this.#probabilities.has(name)))),
    );
  }

  #fill(count: number, value: (row: number, column: number) => number): Matrix {
    const { columns, values } = this.#rows;
    for (let row = 0; row < count; row++)
      for (let column = 0; column < columns; column++) values[row * columns + column] = value(row, column);
    return firstRows(this.#rows, count);
  }
}

const at = ({ columns, values }: Matrix, row: number, column: number): number => values[row * columns + column] ?? 0;

/** points[pictureSize², 2] of a square a little larger than the training rows, y falling. */
function squareOf(points: Matrix, rows: Int32Array): Matrix {
  const span = (column: number) => {
    let low = Infinity;
    let high = -Infinity;
    for (const row of rows) {
      low = Math.min(low, at(points, row, column));
      high = Math.max(high, at(points, row, column));
    }
    const margin = (high - low || 2) * 0.05;
    return { low: low - margin, step: (high - low + 2 * margin) / (pictureSize - 1) };
  };
  const [x, y] = [span(0), span(1)];
  const values = new Float64Array(pictureSize ** 2 * 2);
  for (let row = 0; row < pictureSize; row++)
    for (let column = 0; column < pictureSize; column++) {
      const point = (row * pictureSize + column) * 2;
      values[point] = x.low + x.step * column;
      values[point + 1] = y.low + y.step * (pictureSize - 1 - row);
    }
  return { rows: pictureSize ** 2, columns: 2, values };
}

/** A probability is shown by its sign around ½; any other value by its share of the largest. */
function toBytes(values: Float64Array, probability: boolean): number[] {
  const scale = largest(values) || 1;
  return [...values].map(value => Math.round(127 * (probability ? 2 * value - 1 : value / scale)) || 0);
}

function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let i = 0; i < values.length; i++) result = Math.max(result, Math.abs(values[i]!));
  return result;
}

function mean(matrix: Matrix, column: number): number {
  let sum = 0;
  for (let row = 0; row < matrix.rows; row++) sum += at(matrix, row, column);
  return sum / matrix.rows;
}

const isFinite = ({
  weights,
  weightGradients,
  largestWeight,
  biases,
  biasGradients,
  activations,
  pictures,
}: LayerSample) =>
  [
    largestWeight,
    ...weights,
    ...weightGradients,
    ...biases,
    ...biasGradients,
    ...activations,
    ...pictures.flat(),
  ].every(Number.isFinite);
