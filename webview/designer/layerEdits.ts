import type { SingleEdit } from '../../engine/model/edits.ts';
import { layerFields, type LayerType } from '../../engine/model/layerFields.ts';
import {
  comparePaths,
  isWithin,
  jsonPathOf,
  layerAt,
  layersIn,
  outermost,
  samePath,
  type LayerPath,
  type LayerPlace,
} from '../../engine/model/layerPaths.ts';
import { nextFreeId } from '../../engine/model/layerTree.ts';
import type { Layer } from '../../engine/model/schema.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { t } from '../kit/language.ts';
import { FreeIds, newLayer, renamed, widthAt, type WrittenLayer } from './newLayers.ts';
import { fieldPath, namedLayers, nameOf } from './selection.ts';
import { inputsOf, type Designer } from './state.ts';

const layersOf = ({ store }: Designer): readonly Layer[] => store.state.host?.model?.layers ?? [];

const freeIds = (layers: readonly Layer[]) => new FreeIds(namedLayers(layers).map(({ layer }) => layer.id));

/** `block1.` before the names of what is in a block. */
const prefixOf = (layers: readonly Layer[], block: LayerPath): string =>
  block.length > 0 ? `${nameOf(layers, block)}.` : '';

/** Where something is, in words: `as layer 2`, `in residual1`. */
const placeWords = (layers: readonly Layer[], { block, index }: LayerPlace): string =>
  block.length > 0 ? t('in {0}', nameOf(layers, block)) : t('as layer {0}', index + 1);

export function addLayer(designer: Designer, place: LayerPlace, type: LayerType): void {
  const layers = layersOf(designer);
  const { host } = designer.store.state;
  const inputs = host ? inputsOf(host) : 1;
  const width = widthAt(layerShapes(layers, inputs), inputs, place);
  insertLayers(designer, place, [newLayer(type, width, place.block.length > 0, freeIds(layers))]);
}

/** Puts copied layers into a gap, under ids that are free. */
export function pasteLayers(designer: Designer, place: LayerPlace, copied: readonly WrittenLayer[]): void {
  insertLayers(designer, place, renamed(copied, freeIds(layersOf(designer))));
}

function insertLayers(designer: Designer, place: LayerPlace, added: readonly WrittenLayer[]): void {
  const layers = layersOf(designer);
  const ids = added.map(({ id }) => id);
  const prefix = prefixOf(layers, place.block);
  designer.edit(
    { kind: 'addLayers', at: { block: [...place.block], index: place.index }, layers: [...added] },
    t('Added {0} {1}.', ids.join(', '), placeWords(layers, place)),
    ids.map(id => prefix + id),
  );
}

export function removeLayers(designer: Designer, paths: readonly LayerPath[]): void {
  const layers = layersOf(designer);
  const removed = outermost(paths).filter(path => layerAt(layers, path));
  if (removed.length === 0) return;
  // The network must keep one layer to be a network.
  if (removed.filter(path => path.length === 1).length === layers.length) {
    designer.announce(t('The last layer stays: a network has at least one.'));
    return;
  }
  const names = removed.map(path => nameOf(layers, path));
  const [first = []] = removed;
  const order = namedLayers(layers).filter(({ path }) => !removed.some(gone => isWithin(path, gone)));
  const before = order.findLast(({ path }) => comparePaths(path, first) < 0);
  designer.edit({ kind: 'removeLayers', layers: removed.map(path => [...path]) }, t('Removed {0}.', names.join(', ')), [
    before?.name ?? order[0]?.name ?? '',
  ]);
}

/** Why layers cannot go into a gap; undefined when they can. */
export const moveRefusal = (moving: readonly LayerPath[], { block }: LayerPlace): string | undefined =>
  moving.some(path => isWithin(block, path)) ? t('A block cannot go into itself.') : undefined;

/** Whether the layers stand around the gap already. */
export function staysInPlace(moving: readonly LayerPath[], { block, index }: LayerPlace): boolean {
  const places = outermost(moving);
  const inList = places.filter(path => samePath(path.slice(0, -1), block)).map(path => path.at(-1) ?? 0);
  const [first = 0] = inList;
  const adjacent = inList.every((at, i) => at === first + i);
  return inList.length === places.length && adjacent && index >= first && index <= first + inList.length;
}

/** Moves layers into a gap; one that meets its own id there gets a new one. */
export function moveLayers(designer: Designer, paths: readonly LayerPath[], to: LayerPlace): void {
  const layers = layersOf(designer);
  const moving = outermost(paths);
  if (moving.length === 0 || staysInPlace(moving, to) || moveRefusal(moving, to) !== undefined) return;
  const staying = (layersIn(layers, to.block) ?? []).filter(
    (_, i) => !moving.some(path => samePath(path, [...to.block, i])),
  );
  const taken = new Set(staying.map(({ id }) => id));
  const renames: SingleEdit[] = [];
  const ids = moving.map(path => {
    const id = layerAt(layers, path)?.id ?? '';
    const free = taken.has(id) ? nextFreeId(id, taken) : id;
    taken.add(free);
    if (free !== id) renames.push({ kind: 'setValue', path: fieldPath(path, 'id'), value: free });
    return free;
  });
  const prefix = prefixOf(layers, to.block);
  const move: SingleEdit = {
    kind: 'moveLayers',
    layers: moving.map(path => [...path]),
    to: { block: [...to.block], index: to.index },
  };
  const before = moving.filter(path => samePath(path.slice(0, -1), to.block) && (path.at(-1) ?? 0) < to.index).length;
  designer.edit(
    renames.length > 0 ? { kind: 'several', edits: [...renames, move] } : move,
    to.block.length > 0
      ? t('Moved {0} into {1}.', ids.join(', '), nameOf(layers, to.block))
      : t('Moved {0} to place {1}.', ids.join(', '), to.index - before + 1),
    ids.map(id => prefix + id),
  );
}

/** Every gap in the order of the text, those within a block included. */
function placesOf(layers: readonly Layer[], block: LayerPath = []): LayerPlace[] {
  return [
    ...layers.flatMap((layer, index) => [
      { block, index },
      ...(layer.type === 'residual' ? placesOf(layer.layers, [...block, index]) : []),
    ]),
    { block, index: layers.length },
  ];
}

/** Moves layers by one place, into a block or out of it where one begins or ends. */
export function stepLayers(designer: Designer, paths: readonly LayerPath[], step: 1 | -1): void {
  const layers = layersOf(designer);
  const moving = outermost(paths);
  const outer = step > 0 ? moving.at(-1) : moving[0];
  if (!outer) return;
  const index = outer.at(-1) ?? 0;
  const here = { block: outer.slice(0, -1), index: step > 0 ? index + 1 : index };
  const places = placesOf(layers).filter(({ block }) => !moving.some(path => isWithin(block, path)));
  const at = places.findIndex(place => place.index === here.index && samePath(place.block, here.block));
  const to = places[at + step];
  if (to) moveLayers(designer, moving, to);
  else designer.announce(step > 0 ? t('This is the end of the network.') : t('This is the beginning of the network.'));
}

export function setUnits({ edit, store }: Designer, path: LayerPath, units: number): void {
  const layer = layerAt(store.state.host?.model?.layers ?? [], path);
  const { min, max } = layerFields.dense.units;
  const value = Math.min(max, Math.max(min, units));
  if (layer?.type !== 'dense' || value === layer.units) return;
  edit(
    { kind: 'setValue', path: [...jsonPathOf(path), 'units'], value },
    value === 1 ? t('{0} has 1 unit.', layer.id) : t('{0} has {1} units.', layer.id, value),
  );
}
