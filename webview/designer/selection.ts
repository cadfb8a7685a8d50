import type { Issue } from '../../engine/model/issues.ts';
import {
  comparePaths,
  jsonPathOf,
  layerAt,
  layerPathOf,
  layersIn,
  samePath,
  type LayerPath,
  type LayerPlace,
} from '../../engine/model/layerPaths.ts';
import { walkLayers } from '../../engine/model/layerTree.ts';
import type { Layer, Model } from '../../engine/model/schema.ts';
import type { LayerShape } from '../../engine/model/shapes.ts';
import type { Selection } from './state.ts';

export interface NamedLayer {
  readonly path: LayerPath;
  readonly name: string;
  readonly layer: Layer;
}

/** Every layer in the order of the text, with its full name. */
export const namedLayers = (layers: readonly Layer[]): readonly NamedLayer[] =>
  [...walkLayers(layers)].map(({ layer, path, name }) => ({ layer, name, path: layerPathOf(path) ?? [] }));

/** Shapes in the order of `namedLayers`. */
export const flatShapes = (shapes: readonly LayerShape[]): readonly LayerShape[] =>
  shapes.flatMap(shape => [shape, ...flatShapes(shape.inner)]);

export const nameOf = (layers: readonly Layer[], path: LayerPath): string =>
  namedLayers(layers).find(other => samePath(other.path, path))?.name ?? '';

export const selectLayer = (...path: LayerPath): Selection => ({ kind: 'layers', paths: [path] });

/** The layers selected, in the order of the text. */
export const selectedPaths = (selection: Selection): readonly LayerPath[] =>
  selection.kind === 'layers' ? selection.paths.toSorted(comparePaths) : [];

/** The layer that arrows start from. */
export const leadOf = (selection: Selection): LayerPath | undefined =>
  selection.kind === 'layers' ? selection.paths.at(-1) : undefined;

export const isSelected = (selection: Selection, path: LayerPath): boolean =>
  selection.kind === 'layers' && selection.paths.some(other => samePath(other, path));

/** The selection after the model has changed: by name where the layers still are, else by place. */
export function follow(selection: Selection, before: Model | undefined, after: Model | undefined): Selection {
  if (selection.kind !== 'layers' || !after) return selection;
  const named = namedLayers(after.layers);
  // A view that has just come back knows only places.
  if (!before && selection.paths.every(path => layerAt(after.layers, path))) return selection;
  const paths = selection.paths.flatMap(path => {
    const name = before && nameOf(before.layers, path);
    const same = named.filter(layer => layer.name === name);
    const found = same.find(layer => samePath(layer.path, path)) ?? same[0];
    return found ? [found.path] : [];
  });
  return paths.length > 0 ? { kind: 'layers', paths } : nearest(selection, after);
}

/** The layer that took the place of a selection that is gone. */
function nearest(selection: Selection, { layers }: Model): Selection {
  const lead = leadOf(selection) ?? [];
  for (let depth = lead.length; depth > 0; depth--) {
    const list = layersIn(layers, lead.slice(0, depth - 1));
    if (list && list.length > 0)
      return selectLayer(...lead.slice(0, depth - 1), Math.min(lead[depth - 1] ?? 0, list.length - 1));
  }
  return { kind: 'data' };
}

/** The layers with these full names. */
export function selectNamed({ layers }: Model, names: readonly string[]): Selection | undefined {
  const named = namedLayers(layers);
  const paths = names.flatMap(name => {
    const found = named.find(layer => layer.name === name);
    return found ? [found.path] : [];
  });
  return paths.length > 0 ? { kind: 'layers', paths } : undefined;
}

/** Data, the layers with their inner ones, and the loss stand in one row. */
export function neighbour(selection: Selection, step: number, layers: readonly Layer[]): Selection {
  const order = namedLayers(layers).map(({ path }) => path);
  const lead = leadOf(selection);
  const at = lead
    ? order.findIndex(path => samePath(path, lead)) + 1
    : selection.kind === 'data'
      ? 0
      : order.length + 1;
  const next = Math.min(order.length + 1, Math.max(0, at + step));
  const path = order[next - 1];
  if (path) return { kind: 'layers', paths: [path] };
  return { kind: next === 0 ? 'data' : 'loss' };
}

/** Takes the next layer of the same list into the selection, or lets the last one go when it turns back. */
export function extended(selection: Selection, step: number, layers: readonly Layer[]): Selection {
  const lead = leadOf(selection);
  if (selection.kind !== 'layers' || !lead) return selection;
  const next = [...lead.slice(0, -1), (lead.at(-1) ?? 0) + step];
  if (!layerAt(layers, next)) return selection;
  const paths = selection.paths;
  const before = paths.at(-2);
  return before && samePath(before, next)
    ? { kind: 'layers', paths: paths.slice(0, -1) }
    : { kind: 'layers', paths: [...paths.filter(path => !samePath(path, next)), next] };
}

/** What a click on a layer selects: it alone, it too, or all from the lead to it. */
export function clicked(
  selection: Selection,
  path: LayerPath,
  { toggles, extends: reaches }: { readonly toggles: boolean; readonly extends: boolean },
): Selection {
  const lead = leadOf(selection);
  if (selection.kind !== 'layers' || !lead || (!toggles && !reaches)) return selectLayer(...path);
  if (toggles) {
    const others = selection.paths.filter(other => !samePath(other, path));
    if (others.length === selection.paths.length) return { kind: 'layers', paths: [...others, path] };
    return others.length > 0 ? { kind: 'layers', paths: others } : selection;
  }
  const block = path.slice(0, -1);
  if (!samePath(block, lead.slice(0, -1))) return selectLayer(...path);
  const [from, to] = [lead.at(-1) ?? 0, path.at(-1) ?? 0];
  const step = from < to ? 1 : -1;
  const between = Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => [...block, from + i * step]);
  return { kind: 'layers', paths: between };
}

/** Where something new goes: after the selected layer, or at the end it stands by, but never after the output. */
export function placeAfter(selection: Selection, layers: readonly Layer[]): LayerPlace {
  const lead = selectedPaths(selection).at(-1);
  const output = Math.max(0, layers.length - 1);
  if (!lead) return { block: [], index: selection.kind === 'data' ? 0 : output };
  const index = (lead.at(-1) ?? 0) + 1;
  return { block: lead.slice(0, -1), index: lead.length === 1 ? Math.min(index, output) : index };
}

/** Issues of one layer, those of a block's inner layers left out. */
export const issuesOfLayer = (issues: readonly Issue[], path: LayerPath): readonly Issue[] =>
  issues.filter(issue => {
    const own = layerPathOf(issue.path);
    return own !== undefined && samePath(own, path);
  });

/** Issues that belong to what is selected. */
export const issuesOf = (issues: readonly Issue[], selection: Selection): readonly Issue[] =>
  selection.kind === 'layers'
    ? selection.paths.flatMap(path => issuesOfLayer(issues, path))
    : issues.filter(({ path }) => path[0] === selection.kind);

/** What an issue belongs to; undefined for the file as a whole. */
export function selectionOf({ path }: Issue): Selection | undefined {
  const layer = layerPathOf(path);
  if (layer) return selectLayer(...layer);
  return path[0] === 'data' || path[0] === 'loss' ? { kind: path[0] } : undefined;
}

/** `1.0`, as elements are told apart. */
export const pathKey = (path: LayerPath): string => path.join('.');

/** The JSON path of a field of a layer. */
export const fieldPath = (layer: LayerPath, field: string) => [...jsonPathOf(layer), field];
