import type { Matrix } from '../backends/backend.ts';
import { coordinates, planeFeatures, type FeatureName } from '../model/planeFeatures.ts';
import type { Dataset } from './dataset.ts';
import { applyScaling, type ColumnScaling } from './normalize.ts';

/** The plane in which data of two numbers lie, and what the network is given of its points. */
export interface Plane {
  /** What its axes are called. */
  readonly axes: readonly [string, string];
  /** Where each row stands; [rows, 2]. */
  readonly points: Matrix;
  /** A coordinate of a point in the units of the data. */
  readonly original: (value: number, axis: 0 | 1) => number;
  /** The inputs[points, features] of some points[points, 2]. */
  readonly inputsOf: (points: Matrix) => Matrix;
}

/** Undefined where the data have another number of features that were not computed of two. */
export function planeOf(data: Dataset & { readonly scaling: ColumnScaling }): Plane | undefined {
  const { features, featureNames, scaling, derived } = data;
  if (derived)
    return {
      axes: coordinates,
      points: derived.points,
      original: value => value,
      inputsOf: points => {
        const inputs = deriveFeatures(points, derived.names);
        applyScaling(inputs, scaling);
        return inputs;
      },
    };
  const [x, y] = featureNames;
  if (features.columns !== 2 || x === undefined || y === undefined) return undefined;
  return {
    axes: [x, y],
    points: features,
    original: (value, axis) => value * (scaling.scale[axis] ?? 1) + (scaling.shift[axis] ?? 0),
    inputsOf: points => points,
  };
}

/** features[rows, names] of points[rows, 2], not normalized. */
export function deriveFeatures({ rows, values }: Matrix, names: readonly FeatureName[]): Matrix {
  const derived = new Float64Array(rows * names.length);
  for (let row = 0; row < rows; row++)
    for (const [i, name] of names.entries())
      derived[row * names.length + i] = planeFeatures[name].apply(values[2 * row] ?? 0, values[2 * row + 1] ?? 0);
  return { rows, columns: names.length, values: derived };
}
