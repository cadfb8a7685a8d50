import { walkLayers } from './layerTree.ts';
import type { Layer, Model } from './schema.ts';

export type LayerChange = 'added' | 'removed' | 'changed' | 'moved';

/** What sets a model apart from another version of it. */
export interface ModelChanges {
  /** By full name; a layer that is in both and the same is left out. */
  readonly layers: Readonly<Record<string, LayerChange>>;
  /** The cards whose settings differ: what is learned from, and how. */
  readonly cards: readonly ('data' | 'loss')[];
}

/**
 * How `model` differs from `other`: a layer that only it has is added, or removed where `other` is the newer version; one that
 * is the same in both has moved if the others cannot all have stayed in their order without it.
 */
export function modelChanges(model: Model, other: Model, otherIsNewer: boolean): ModelChanges {
  const others = settingsByName(other.layers);
  const changes: Record<string, LayerChange> = {};
  for (const [name, settings] of settingsByName(model.layers)) {
    const counterpart = others.get(name);
    if (counterpart === undefined) changes[name] = otherIsNewer ? 'removed' : 'added';
    else if (counterpart !== settings) changes[name] = 'changed';
  }
  const [older, newer] = otherIsNewer ? [model, other] : [other, model];
  for (const name of movedLayers(older, newer)) changes[name] ??= 'moved';
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

/**
 * Names of the layers that have left their order: as few as possible, which are those outside of the longest sequence
 * that has the same order in both. Both sides of a comparison ask for the same two versions, and so mark the same ones.
 */
function movedLayers(older: Model, newer: Model): string[] {
  const before = new Map([...walkLayers(older.layers)].map(({ name }, place) => [name, place]));
  const common = [...walkLayers(newer.layers)].flatMap(({ name }) => {
    const place = before.get(name);
    return place === undefined ? [] : [{ name, place }];
  });
  const stayed = new Set(longestRise(common.map(({ place }) => place)));
  return common.filter(({ place }) => !stayed.has(place)).map(({ name }) => name);
}

/** The longest rising sequence among different numbers, in their order. */
function longestRise(numbers: readonly number[]): number[] {
  const best: number[][] = [];
  numbers.forEach((number, i) => {
    const before = best.slice(0, i).filter(rise => (rise.at(-1) ?? 0) < number);
    best.push([...before.reduce<number[]>((a, b) => (b.length > a.length ? b : a), []), number]);
  });
  return best.reduce<number[]>((a, b) => (b.length > a.length ? b : a), []);
}
