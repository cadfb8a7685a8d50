import { layerFields, layerInfo, type LayerType } from '../../engine/model/layerFields.ts';
import type { Layer } from '../../engine/model/schema.ts';

/** How a layer is drawn: so many nodes, and a word about it. */
export interface LayerLook {
  readonly type: LayerType;
  readonly units: number;
  readonly detail: string;
}

export const lookOf = (layer: Layer, outputs: number): LayerLook => ({
  type: layer.type,
  units: outputs,
  detail: layer.type === 'dense' ? layer.activation : layerInfo[layer.type].title.toLowerCase(),
});

/** What the palette gives into the hand. */
export const paletteLook = (type: LayerType): LayerLook => ({
  type,
  units: layerFields.dense.units.default,
  detail: type === 'dense' ? 'relu' : layerInfo[type].title.toLowerCase(),
});
