import { layerFields, layerTypes, type LayerType } from '../../engine/model/layerFields.ts';
import { nextFreeId } from '../../engine/model/layerTree.ts';
import type { LayerPlace } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { LayerShape } from '../../engine/model/shapes.ts';

/** A layer as it is written into the file. */
export type WrittenLayer = Record<string, Json> & { id: string; type: LayerType };
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Enough to help, too little to hurt a small network. */
export const newDropoutRate = 0.1;

const stems: Record<LayerType, string> = {
  dense: 'hidden',
  dropout: 'dropout',
  batchNorm: 'norm',
  layerNorm: 'norm',
  residual: 'residual',
};

/** Ids not used anywhere in the network, each given once. */
export class FreeIds {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `id` itself where it is free, else its stem with the next number. */
  take(id: string): string {
    const free = this.#taken.has(id) ? nextFreeId(id, this.#taken) : id;
    this.#taken.add(free);
    return free;
  }
}

/**
 * A new layer that learns well without further thought, where values of `width` come in. Within a block it
 * keeps the width, so that the block can still add its input.
 */
export function newLayer(type: LayerType, width: number, isInner: boolean, ids: FreeIds): WrittenLayer {
  const id = ids.take(`${stems[type]}1`);
  switch (type) {
    case 'dense': {
      const units = isInner ? width : layerFields.dense.units.default;
      return { id, type, units, activation: 'relu', initializer: 'heUniform' };
    }
    case 'residual':
      return { id, type, layers: [newLayer('dense', width, true, ids)] };
    case 'dropout':
      return { id, type, rate: newDropoutRate };
    case 'batchNorm':
    case 'layerNorm':
      return { id, type };
  }
}

/** How many values come into a gap. */
export function widthAt(shapes: readonly LayerShape[], inputs: number, { block, index }: LayerPlace): number {
  const [outer, ...rest] = block;
  if (outer === undefined) return shapes[index - 1]?.outputs ?? inputs;
  const shape = shapes[outer];
  return shape ? widthAt(shape.inner, shape.inputs, { block: rest, index }) : inputs;
}

/** A layer without what is as its table's defaults have it: what is worth copying. */
export function written(layer: Layer): WrittenLayer {
  const { id, type } = layer;
  const values = new Map<string, unknown>(Object.entries(layer));
  const fields = Object.entries(layerFields[type]).filter(
    ([name, field]) => name === 'units' || name === 'activation' || values.get(name) !== field.default,
  );
  const kept = Object.fromEntries(fields.map(([name]) => [name, values.get(name) as Json]));
  return { id, type, ...kept, ...(layer.type === 'residual' && { layers: layer.layers.map(written) }) };
}

/** The layers that a text holds, if it is JSON of one or several; undefined for any other text. */
export function layersInText(text: string): WrittenLayer[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const layers = Array.isArray(value) ? value : [value];
  return layers.length > 0 && layers.every(isWrittenLayer) ? layers : undefined;
}

function isWrittenLayer(value: unknown): value is WrittenLayer {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('id' in value)) return false;
  const { type, id } = value;
  if (typeof id !== 'string' || !layerTypes.some(known => known === type)) return false;
  return !('layers' in value) || (Array.isArray(value.layers) && value.layers.every(isWrittenLayer));
}

/** The same layers under ids that are free. */
export const renamed = (layers: readonly WrittenLayer[], ids: FreeIds): WrittenLayer[] =>
  layers.map(layer => ({
    ...layer,
    id: ids.take(layer.id),
    ...('layers' in layer && { layers: renamed(layer['layers'] as WrittenLayer[], ids) }),
  }));
