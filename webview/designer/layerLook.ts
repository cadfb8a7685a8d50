import { layerFields, layerInfo, type LayerType } from '../../engine/model/layerFields.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { t, tableText } from '../kit/language.ts';
import { newDropoutRate } from './newLayers.ts';

/** How a layer is drawn: so many nodes, and a word about it. */
export interface LayerLook {
  readonly type: LayerType;
  readonly title: string;
  /** Undefined for a layer that takes the width of what comes in. */
  readonly units: number | undefined;
  readonly detail: string;
}

/** A word about a layer, below its name. */
export function detailOf(layer: Layer): string {
  switch (layer.type) {
    case 'dense':
      return layer.activation;
    case 'dropout':
      return t('rate {0}', layer.rate);
    case 'residual':
      return t('{0} inside', layer.layers.length);
    case 'batchNorm':
    case 'layerNorm':
      return tableText(layerInfo[layer.type].title).toLowerCase();
  }
}

export const lookOf = (layer: Layer, outputs: number): LayerLook => ({
  type: layer.type,
  title: layer.id,
  units: layer.type === 'dense' ? outputs : undefined,
  detail: detailOf(layer),
});

/** A word about a new layer that takes the width of what comes in. */
const fresh = {
  dropout: t('rate {0}', newDropoutRate),
  batchNorm: t('over the batch'),
  layerNorm: t('over the row'),
  residual: 'z = x + f(x)',
};

/** What the palette gives into the hand. */
export function paletteLook(type: LayerType): LayerLook {
  const title = tableText(layerInfo[type].title);
  if (type === 'dense') return { type, title, units: layerFields.dense.units.default, detail: 'relu' };
  return { type, title, units: undefined, detail: fresh[type] };
}
