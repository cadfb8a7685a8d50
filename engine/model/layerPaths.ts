import type { JsonPath } from './issues.ts';
import type { Layer } from './schema.ts';

/** A layer by its place: its index in the network, then its index in the block that holds it, and so on. */
export type LayerPath = readonly number[];

/** A gap that a layer can be put into: before the layer `index` of a block, or of the network where `block` is []. */
export interface LayerPlace {
  readonly block: LayerPath;
  readonly index: number;
}

/** `['layers', 1, 'layers', 0]`: where the layer stands in the file. */
export const jsonPathOf = (layer: LayerPath): JsonPath => layer.flatMap(index => ['layers', index]);

/** Where the list of layers of a block stands in the file. */
export const listPathOf = (block: LayerPath): JsonPath => [...jsonPathOf(block), 'layers'];

/** The layer that a path of the file leads to or into; undefined for any other part of the model. */
export function layerPathOf(path: JsonPath): LayerPath | undefined {
  const layer: number[] = [];
  for (let i = 0; path[i] === 'layers' && typeof path[i + 1] === 'number'; i += 2) layer.push(Number(path[i + 1]));
  return layer.length > 0 ? layer : undefined;
}

/** The layers of a block, or of the network; undefined where there is no such block. */
export function layersIn(layers: readonly Layer[], block: LayerPath): readonly Layer[] | undefined {
  let list: readonly Layer[] = layers;
  for (const index of block) {
    const layer = list[index];
    if (layer?.type !== 'residual') return undefined;
    list = layer.layers;
  }
  return list;
}

export const layerAt = (layers: readonly Layer[], path: LayerPath): Layer | undefined =>
  layersIn(layers, path.slice(0, -1))?.[path.at(-1) ?? -1];

export const samePath = (a: LayerPath, b: LayerPath): boolean =>
  a.length === b.length && a.every((index, i) => index === b[i]);

/** Whether `inner` is `outer` or lies within it. */
export const isWithin = (inner: LayerPath, outer: LayerPath): boolean =>
  inner.length >= outer.length && outer.every((index, i) => index === inner[i]);

/** Order of the text: a block comes before its inner layers. */
export function comparePaths(a: LayerPath, b: LayerPath): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** In the order of the text, each once, and without those whose block is among them. */
export function outermost(paths: readonly LayerPath[]): LayerPath[] {
  const result: LayerPath[] = [];
  for (const path of paths.toSorted(comparePaths)) {
    const last = result.at(-1);
    if (!last || !isWithin(path, last)) result.push(path);
  }
  return result;
}

/** The layers with other units in the dense one at `path`. */
export const withUnits = (layers: readonly Layer[], [index, ...rest]: LayerPath, units: number): Layer[] =>
  layers.map((layer, i) => {
    if (i !== index) return layer;
    if (layer.type === 'residual') return { ...layer, layers: withUnits(layer.layers, rest, units) };
    return layer.type === 'dense' ? { ...layer, units } : layer;
  });
