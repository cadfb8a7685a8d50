import { pictureSize, type LayerSample, type NetworkSample } from '../../engine/protocol/networkSample.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { Picture } from './geometry.ts';
import { namedLayers, pathKey } from './selection.ts';

/**
 * The sample of each column; undefined where the network in training has no such layer, or one of another
 * shape because the model has been edited since.
 */
export function samplesOf(
  { columns }: Picture,
  layers: readonly Layer[],
  sample: NetworkSample | undefined,
): readonly (LayerSample | undefined)[] {
  if (!sample) return columns.map(() => undefined);
  const names = new Map(namedLayers(layers).map(({ path, name }) => [pathKey(path), name]));
  const byName = new Map(sample.layers.map(layer => [layer.name, layer]));
  return columns.map((column, i) => {
    if (column.kind !== 'layer' && column.kind !== 'sum') return undefined;
    const found = byName.get(names.get(pathKey(column.path)) ?? '');
    const inputs = columns[i - 1]?.units;
    const fits =
      found?.outputs === column.units && (!column.dense || (found.inputs === inputs && found.weights.length > 0));
    return fits ? found : undefined;
  });
}

/** How the two inputs of a plane look over the square of inputs: a ramp to the right, and one upwards. */
export const inputPictures: readonly (readonly number[])[] = [0, 1].map(axis =>
  Array.from({ length: pictureSize ** 2 }, (_, i) => {
    const share = axis === 0 ? i % pictureSize : pictureSize - 1 - Math.floor(i / pictureSize);
    return Math.round(127 * ((2 * share) / (pictureSize - 1) - 1));
  }),
);

/** Mean of the drawn weights by their sign, from −1 to 1. */
export function meanSign({ weights, largestWeight }: LayerSample): number {
  if (weights.length === 0 || largestWeight === 0) return 0;
  return weights.reduce((sum, weight) => sum + weight, 0) / weights.length / largestWeight;
}
