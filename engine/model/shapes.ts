import { EngineError, type SourcePlace } from './errors.ts';
import type { Layer } from './schema.ts';

/** What goes into a layer, what comes out, and what it has to learn. */
export interface LayerShape {
  readonly id: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: number;
  /** The inner path of a residual block; empty for any other layer. */
  readonly inner: readonly LayerShape[];
}

/** Follows the width of the data through the layers. */
export function layerShapes(layers: readonly Layer[], inputs: number): LayerShape[] {
  let width = inputs;
  return layers.map(layer => {
    const shape = layerShape(layer, width);
    width = shape.outputs;
    return shape;
  });
}

function layerShape(layer: Layer, inputs: number): LayerShape {
  const { id } = layer;
  switch (layer.type) {
    case 'dense': {
      const parameters = (inputs + (layer.bias ? 1 : 0)) * layer.units;
      return { id, inputs, outputs: layer.units, parameters, inner: [] };
    }
    case 'dropout':
      return { id, inputs, outputs: inputs, parameters: 0, inner: [] };
    case 'batchNorm':
    case 'layerNorm':
      return { id, inputs, outputs: inputs, parameters: 2 * inputs, inner: [] };
    case 'residual': {
      const inner = layerShapes(layer.layers, inputs);
      return { id, inputs, outputs: inner.at(-1)?.outputs ?? inputs, parameters: parameterCount(inner), inner };
    }
  }
}

export const parameterCount = (shapes: readonly LayerShape[]): number =>
  shapes.reduce((sum, { parameters }) => sum + parameters, 0);

/** No run may plan for more than this; past it a machine starts to swap. */
export const maximumTrainingBytes = 4 * 1024 ** 3;

/** float64 weights, gradients and the two accumulators an optimizer may hold. */
const bytesPerParameter = 8 * 4;

/** Memory a training needs, in bytes: parameters with gradients and optimizer state, and one batch of activations. */
export const trainingBytes = (shapes: readonly LayerShape[], batchRows: number): number =>
  parameterCount(shapes) * bytesPerParameter + batchRows * valuesPerRow(shapes) * 8;

/** Numbers that each layer keeps for one row: its input's gradient, and its sums, outputs and their gradients. */
const valuesPerRow = (shapes: readonly LayerShape[]): number =>
  shapes.reduce((sum, { inputs, outputs, inner }) => sum + inputs + 3 * outputs + valuesPerRow(inner), 0);

/** Throws `memory-limit` before anything is allocated. */
export function assertAffordable(bytes: number, place: SourcePlace): void {
  if (bytes > maximumTrainingBytes)
    throw new EngineError(
      'memory-limit',
      `Training would take about ${gigabytes(bytes)}; the limit is ${gigabytes(maximumTrainingBytes)}. Use fewer units, fewer layers or smaller batches.`,
      place,
    );
}

const gigabytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GB`;
