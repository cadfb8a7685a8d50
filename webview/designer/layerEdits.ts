import { layerFields, type LayerType } from '../../engine/model/layerFields.ts';
import { nextFreeId } from '../../engine/model/layerTree.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { indexAfterMove } from './geometry.ts';
import { inputsOf, type Designer } from './state.ts';

const hiddenLayer = {
  type: 'dense',
  units: layerFields.dense.units.default,
  activation: 'relu',
  initializer: 'heUniform',
};

/** A new layer that learns well without further thought, where values of `width` come in. */
function newLayer(type: LayerType, width: number): { readonly type: string } & Record<string, Json> {
  if (type === 'dense') return hiddenLayer;
  return type === 'residual' ? { type, layers: [{ id: 'inner1', ...hiddenLayer, units: width }] } : { type };
}

type Json = string | number | Json[] | { [key: string]: Json };

const stems: Record<LayerType, string> = {
  dense: 'hidden',
  dropout: 'dropout',
  batchNorm: 'norm',
  layerNorm: 'norm',
  residual: 'block',
};

export function addLayer(
  { edit, select, store }: Designer,
  layers: readonly Layer[],
  index: number,
  type: LayerType,
): void {
  const id = nextFreeId(stems[type], new Set(layers.map(layer => layer.id)));
  const { host } = store.state;
  const inputs = host ? inputsOf(host) : 1;
  const width = layerShapes(layers.slice(0, index), inputs).at(-1)?.outputs ?? inputs;
  select({ kind: 'layer', index });
  edit({ kind: 'addLayer', index, layer: { id, ...newLayer(type, width) } }, `Added ${id} as layer ${index + 1}.`);
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
  if (layer?.type !== 'dense' || units < min || units > max) return;
  edit({ kind: 'setValue', path: ['layers', index, 'units'], value: units }, `${layer.id} has ${units} units.`);
}
