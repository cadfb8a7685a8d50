import { findNodeAtLocation, type Node } from 'jsonc-parser';
import * as z from 'zod';
import type { JsonPath } from './issues.ts';
import { insertItem, insertRaw, parseJson, rawValue, removeValue, reorderItems, setValue } from './jsonEdits.ts';
import {
  comparePaths,
  isWithin,
  jsonPathOf,
  listPathOf,
  outermost,
  samePath,
  type LayerPath,
  type LayerPlace,
} from './layerPaths.ts';
import { PieceText, type TextEdit } from './pieceText.ts';

const jsonPath = z
  .array(z.union([z.string(), z.int().min(0)]))
  .min(1)
  .max(64);
/** Layers are named by place, since ids may be doubled while editing. */
const layerPath = z.array(z.int().min(0)).min(1).max(32);
const layerPaths = z.array(layerPath).min(1).max(1000);
const layerPlace = z.strictObject({ block: z.array(z.int().min(0)).max(32), index: z.int().min(0) });

const singleEdits = [
  z.strictObject({ kind: z.literal('setValue'), path: jsonPath, value: z.json() }),
  z.strictObject({ kind: z.literal('removeValue'), path: jsonPath }),
  z.strictObject({
    kind: z.literal('addLayers'),
    at: layerPlace,
    layers: z.array(z.record(z.string(), z.json())).min(1).max(1000),
  }),
  /** A block that this empties goes with its layers. */
  z.strictObject({ kind: z.literal('removeLayers'), layers: layerPaths }),
  /** Into a gap, counted before anything moves; an emptied block goes here too. */
  z.strictObject({ kind: z.literal('moveLayers'), layers: layerPaths, to: layerPlace }),
] as const;

const singleEditSchema = z.discriminatedUnion('kind', singleEdits);

/** A gesture of the designer, as data; `several` are made one after the other and undone at once. */
export const modelEditSchema = z.discriminatedUnion('kind', [
  ...singleEdits,
  z.strictObject({ kind: z.literal('several'), edits: z.array(singleEditSchema).min(1).max(1000) }),
]);

export type SingleEdit = z.infer<typeof singleEditSchema>;
export type ModelEdit = z.infer<typeof modelEditSchema>;

/**
 * The smallest change of `text` that makes `edit`: whatever it does not name keeps its bytes,
 * comments, order and spaces. Edits are given from the end of the text to its beginning. An edit
 * that names nothing in the text changes nothing.
 */
export function textEdits(text: string, edit: ModelEdit): TextEdit[] {
  const pieces = new PieceText(text);
  for (const single of edit.kind === 'several' ? edit.edits : [edit]) make(pieces, single);
  return pieces.edits;
}

/** `text` after `edits`. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces = new PieceText(text);
  pieces.apply(edits);
  return pieces.text;
}

function make(pieces: PieceText, edit: SingleEdit): void {
  const { text } = pieces;
  const root = parseJson(text);
  if (!root) return;
  switch (edit.kind) {
    case 'setValue':
      pieces.apply(setValue(text, root, edit.path, edit.value));
      return;
    case 'removeValue':
      pieces.apply(removeValue(text, root, edit.path));
      return;
    case 'addLayers':
      edit.layers.forEach((layer, i) => add(pieces, { ...edit.at, index: edit.at.index + i }, layer));
      return;
    case 'removeLayers':
      removeAll(
        pieces,
        withEmptiedBlocks(text, outermost(edit.layers.filter(layer => nodeOf(text, jsonPathOf(layer)))), []),
      );
      return;
    case 'moveLayers':
      move(pieces, outermost(edit.layers), edit.to);
  }
}

function add(pieces: PieceText, { block, index }: LayerPlace, layer: unknown): void {
  const { text } = pieces;
  const root = parseJson(text);
  if (root) pieces.apply(insertItem(text, root, listPathOf(block), index, layer));
}

/** From the last to the first, so that no removal moves what is still to be removed. */
function removeAll(pieces: PieceText, layers: readonly LayerPath[]): void {
  for (const layer of layers.toReversed()) {
    const { text } = pieces;
    const root = parseJson(text);
    if (root) pieces.apply(removeValue(text, root, jsonPathOf(layer)));
  }
}

function move(pieces: PieceText, layers: readonly LayerPath[], to: LayerPlace): void {
  const { text } = pieces;
  const raws = layers.map(layer => rawValue(text, jsonPathOf(layer)));
  if (nodeOf(text, listPathOf(to.block))?.type !== 'array') return;
  // A block cannot be put into itself.
  if (raws.includes(undefined) || layers.some(layer => isWithin(to.block, layer))) return;
  if (layers.every(layer => samePath(layer.slice(0, -1), to.block))) {
    reorder(pieces, layers, to);
    return;
  }
  const removed = withEmptiedBlocks(text, layers, to.block);
  removeAll(pieces, removed);
  const place = removed.toReversed().reduce(placeAfterRemoval, to);
  raws.forEach((raw, i) => {
    const now = pieces.text;
    const root = parseJson(now);
    if (root && raw) pieces.apply(insertRaw(now, root, listPathOf(place.block), place.index + i, raw));
  });
}

function reorder(pieces: PieceText, layers: readonly LayerPath[], { block, index }: LayerPlace): void {
  const { text } = pieces;
  const root = parseJson(text);
  const list = listPathOf(block);
  const count = lengthOf(text, list);
  if (!root) return;
  const moved = layers.map(layer => layer.at(-1) ?? 0);
  const others = Array.from({ length: count }, (_, i) => i).filter(i => !moved.includes(i));
  const before = others.filter(i => i < index);
  pieces.apply(reorderItems(text, root, list, [...before, ...moved, ...others.slice(before.length)]));
}

/** The layers to remove so that no block is left empty, except the one that layers are put into. */
function withEmptiedBlocks(text: string, layers: readonly LayerPath[], target: LayerPath): LayerPath[] {
  for (const layer of layers) {
    const block = layer.slice(0, -1);
    if (block.length === 0 || isWithin(target, block)) continue;
    const leaving = layers.filter(other => samePath(other.slice(0, -1), block));
    if (leaving.length < lengthOf(text, listPathOf(block))) continue;
    const rest = layers.filter(other => !isWithin(other, block));
    return withEmptiedBlocks(text, [...rest, block].toSorted(comparePaths), target);
  }
  return [...layers];
}

/** Where a gap is once the layer at `removed` is gone. */
function placeAfterRemoval({ block, index }: LayerPlace, removed: LayerPath): LayerPlace {
  const list = removed.slice(0, -1);
  const at = removed.at(-1) ?? 0;
  if (samePath(list, block)) return { block, index: at < index ? index - 1 : index };
  const crossing = block[list.length];
  if (!isWithin(block, list) || crossing === undefined || at >= crossing) return { block, index };
  return { block: block.with(list.length, crossing - 1), index };
}

function nodeOf(text: string, path: JsonPath): Node | undefined {
  const root = parseJson(text);
  return root && findNodeAtLocation(root, [...path]);
}

const lengthOf = (text: string, list: JsonPath): number => nodeOf(text, list)?.children?.length ?? 0;
