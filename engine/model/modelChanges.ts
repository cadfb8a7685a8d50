import { walkLayers } from './layerTree.ts';
import type { Layer, Model } from './schema.ts';

export type LayerChange = 'added' | 'removed' | 'changed';

/** What sets a model apart from another version of it. */
export interface ModelChanges {
  /** By full name; a layer that is in both and the same is left out. */
  readonly layers: Readonly<Record<string, LayerChange>>;
  /** The cards whose settings differ: what is learned from, and how. */
  readonly cards: readonly ('data' | 'loss')[];
}

/** How `model` differs from `other`: a layer that only it has is added, or removed where `other` is the newer version. */
export function modelChanges(model: Model, other: Model, otherIsNewer: boolean): ModelChanges {
  const others = settingsByName(other.layers);
  const changes: Record<string, LayerChange> = {};
  for (const [name, settings] of settingsByName(model.layers)) {
    const counterpart = others.get(name);
    if (counterpart === undefined) changes[name] = otherIsNewer ? 'removed' : 'added';
    else if (counterpart !== settings) changes[name] = 'changed';
  }
  const differs = (...parts: (keyof Model)[]) =>
    parts.some(part => JSON.stringify(model[part]) !== JSON.stringify(other[part]));
  return {
    layers: changes,
    cards: [
      ...(differs('data', 'seed') ? ['data' as const] : []),
      ...(differs('loss', 'optimizer', 'training') ? ['loss' as const] : []),
    ],
  };
}

/** The settings of every layer as text, those of a block without its inner layers. */
function settingsByName(layers: readonly Layer[]): Map<string, string> {
  return new Map(
    [...walkLayers(layers)].map(({ name, layer }) => [
      name,
      JSON.stringify(layer.type === 'residual' ? { ...layer, layers: [] } : layer),
    ]),
  );
}
