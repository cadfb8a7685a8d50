import type { JsonPath } from './issues.ts';
import type { Layer } from './schema.ts';

/** A layer with its place: residual blocks hold lists of their own. */
export interface PlacedLayer {
  readonly layer: Layer;
  /** Where it stands in the model, such as `['layers', 2, 'layers', 0]`. */
  readonly path: JsonPath;
  /** The ids from the outermost block to this layer, joined by dots; its tensors on disk begin with it. */
  readonly name: string;
}

/** Every layer in the order of the text, blocks before their inner layers. */
export function* walkLayers(layers: readonly Layer[], path: JsonPath = ['layers'], prefix = ''): Iterable<PlacedLayer> {
  for (const [index, layer] of layers.entries()) {
    const placed = { layer, path: [...path, index], name: prefix + layer.id };
    yield placed;
    if (layer.type === 'residual') yield* walkLayers(layer.layers, [...placed.path, 'layers'], `${placed.name}.`);
  }
}

/** `hidden3` after `hidden2`: the stem of `id` with the first number not taken. */
export function nextFreeId(id: string, taken: ReadonlySet<string>): string {
  const stem = id.replace(/\d+$/, '') || 'layer';
  for (let n = 1; ; n++) if (!taken.has(`${stem}${String(n)}`)) return `${stem}${String(n)}`;
}
