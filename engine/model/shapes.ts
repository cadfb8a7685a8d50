import { EngineError, type SourcePlace } from './errors.ts';
import type { Layer } from './schema.ts';

/** What goes into a layer, what comes out, and what it has to learn. */
export interface LayerShape {
  readonly id: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: number;
}

/** Follows the width of the data through the layers. */
export function layerShapes(layers: readonly Layer[], inputs: number): LayerShape[] {
  let width = inputs;
  return layers.map(layer => {
    const shape = {
      id: layer.id,
      inputs: width,
      outputs: layer.units,
      parameters: (width + (layer.bias ? 1 : 0)) * layer.units,
    };
    width = layer.units;
    return shape;
  });
}

export const parameterCount = (shapes: readonly LayerShape[]): number =>
  shapes.reduce((sum, { parameters }) => sum + parameters, 0);

/** No run may plan for more than this; past it a machine starts to swap. */
export const maximumTrainingBytes = 4 * 1024 ** 3;

/** float64 weights, gradients and the two accumulators an optimizer may hold. */
const bytesPerParameter = 8 * 4;

/** Memory a training needs, in bytes: parameters with gradients and optimizer state, and one batch of activations. */
export function trainingBytes(shapes: readonly LayerShape[], batchRows: number): number {
  const perRow = shapes.reduce((sum, { inputs, outputs }) => sum + inputs + 3 * outputs, 0);
  return parameterCount(shapes) * bytesPerParameter + batchRows * perRow * 8;
}

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
