import { nextFreeId } from '../../engine/model/check.ts';
import { layerFields, type LayerType } from '../../engine/model/layerFields.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { indexAfterMove } from './geometry.ts';
import type { Designer } from './state.ts';

/** What each layer type is called where people read it. */
export const layerTitles: Record<LayerType, string> = { dense: 'Dense' };

/** A hidden layer that learns well without further thought. */
const newLayer = {
  type: 'dense',
  units: layerFields.dense.units.default,
  activation: 'relu',
  initializer: 'heUniform',
} as const;

/** What the palette gives into the hand. */
export const paletteLayer: Pick<Layer, 'type' | 'units' | 'activation'> = newLayer;

export function addLayer({ edit, select }: Designer, layers: readonly Layer[], index: number): void {
  const id = nextFreeId('hidden', new Set(layers.map(layer => layer.id)));
  select({ kind: 'layer', index });
  edit({ kind: 'addLayer', index, layer: { id, ...newLayer } }, `Added ${id} as layer ${index + 1}.`);
}

export function removeLayer({ edit, select, announce }: Designer, layers: readonly Layer[], index: number): void {
  const layer = layers[index];
  if (!layer) return;
  // The network must keep one layer to be a network.
  if (layers.length === 1) {
    announce('The last layer stays: a network has at least one.');
    return;
  }
  select({ kind: 'layer', index: Math.max(0, index - 1) });
  edit({ kind: 'removeLayer', index }, `Removed ${layer.id}.`);
}

/** Moves a layer into a gap. */
export function moveLayer({ edit, select }: Designer, layers: readonly Layer[], from: number, gap: number): void {
  const to = indexAfterMove(from, gap);
  const layer = layers[from];
  if (!layer || to === from || to < 0 || to >= layers.length) return;
  select({ kind: 'layer', index: to });
  edit({ kind: 'moveLayer', from, to }, `Moved ${layer.id} to place ${to + 1}.`);
}

export function setUnits({ edit }: Designer, layers: readonly Layer[], index: number, units: number): void {
  const layer = layers[index];
  const { min, max } = layerFields.dense.units;
  if (!layer || units < min || units > max) return;
  edit({ kind: 'setValue', path: ['layers', index, 'units'], value: units }, `${layer.id} has ${units} units.`);
}
