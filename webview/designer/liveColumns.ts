import { generatorInfo } from '../../engine/model/dataFields.ts';
import { featuresOf, type DataSource } from '../../engine/model/dataSource.ts';
import { coordinates, planeFeatures, type FeatureName } from '../../engine/model/planeFeatures.ts';
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

/** A feature over the square from −1 to 1, by its share of the largest value: x1 is a ramp to the right, x2 one upwards. */
function featurePicture(name: FeatureName): readonly number[] {
  const { apply } = planeFeatures[name];
  const coordinate = (place: number) => (2 * place) / (pictureSize - 1) - 1;
  const largest = apply(1, 1);
  return Array.from({ length: pictureSize ** 2 }, (_, i) => {
    const [column, row] = [i % pictureSize, Math.floor(i / pictureSize)];
    return Math.round((127 * apply(coordinate(column), coordinate(pictureSize - 1 - row))) / largest);
  });
}

/** How the inputs look over the square of the plane; none where the data lie in no plane. */
export function inputPictures(source: DataSource, inputs: number): readonly (readonly number[])[] {
  if (source.kind === 'generator' && generatorInfo[source.name].features === coordinates.length)
    return featuresOf(source).map(featurePicture);
  return inputs === coordinates.length ? coordinates.map(featurePicture) : [];
}

/** Mean of the drawn weights by their sign, from −1 to 1. */
export function meanSign({ weights, largestWeight }: LayerSample): number {
  if (weights.length === 0 || largestWeight === 0) return 0;
  return weights.reduce((sum, weight) => sum + weight, 0) / weights.length / largestWeight;
}
