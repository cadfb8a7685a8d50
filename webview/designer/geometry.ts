import { drawnUnits, ellipsisAfter, maximumDrawn } from '../../engine/model/drawnUnits.ts';
import { samePath, type LayerPath, type LayerPlace } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { LayerShape } from '../../engine/model/shapes.ts';

/** Sizes of the picture at zoom 1, in pixels. y is 0 on the middle line. */
export const nodeRadius = 15;
export const columnWidth = 72;
export const sumWidth = 28;
export const cardWidth = 136;
export const cardHeight = 190;
const gapWidth = 40;
const blockPadding = 26;
/** Room for the title and the skip above the heads of a block's columns. */
const blockHead = 54;
const blockFoot = 10;
const widePitch = 50;
const narrowPitch = 36;
const headHeight = 52;
const footHeight = 54;

/** One drawn node, or the ellipsis that stands for those left out. */
export interface DrawnNode {
  readonly y: number;
  /** The unit it shows; undefined for the ellipsis. */
  readonly unit: number | undefined;
  /** How many units it stands for: 1 for a node. */
  readonly stands: number;
}

export interface Column {
  readonly kind: 'input' | 'layer' | 'sum' | 'slot';
  /** The layer, or the block of a sum; empty for the input. */
  readonly path: LayerPath;
  /** Middle of the column. */
  readonly x: number;
  readonly units: number;
  readonly nodes: readonly DrawnNode[];
  /** Every node is fed by every one before it; else each by its own. */
  readonly dense: boolean;
}

/** A residual block: a card around its inner layers. */
export interface Block {
  readonly path: LayerPath;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Columns between which the skip runs. */
  readonly from: Column;
  readonly sum: Column;
}

/** A place between two columns where a layer can be put. */
export interface Gap {
  readonly place: LayerPlace;
  readonly x: number;
}

export interface Picture {
  /** From left to right, each fed by the one before it. */
  readonly columns: readonly Column[];
  readonly blocks: readonly Block[];
  readonly gaps: readonly Gap[];
  readonly lossX: number;
  readonly width: number;
  /** From the head of the columns to their foot; the middle line is in the middle. */
  readonly columnTop: number;
  readonly columnBottom: number;
  /** The same with the blocks around them. */
  readonly top: number;
  readonly bottom: number;
}

/** A place kept free in the picture for a layer that is being dragged. */
export interface Slot {
  readonly place: LayerPlace;
  readonly units: number;
  readonly dense: boolean;
}

/** What is laid out: the layers with what goes in and comes out of each. */
export interface Drawing {
  readonly layers: readonly Layer[];
  readonly shapes: readonly LayerShape[];
  readonly inputs: number;
}

/** Where everything stands. */
export function layOut({ layers, shapes, inputs }: Drawing, slot?: Slot): Picture {
  const widest = Math.max(inputs, slot?.units ?? 0, ...widths(shapes));
  const drawn = Math.min(widest, maximumDrawn);
  const pitch = drawn > 8 ? narrowPitch : widePitch;
  const half = Math.max(cardHeight / 2, ((drawn - 1) / 2) * pitch + nodeRadius);
  const columnTop = -half - headHeight;
  const columnBottom = half + footHeight;
  const depth = blockDepth(layers);

  const columns: Column[] = [];
  const blocks: Block[] = [];
  const gaps: Gap[] = [];
  /** Right edge of what has been laid out. */
  let edge = cardWidth;
  const put = (width: number, column: Omit<Column, 'x' | 'nodes'>): Column => {
    const placed = { ...column, x: edge + gapWidth + width / 2, nodes: nodesOf(column.units, pitch) };
    columns.push(placed);
    edge = placed.x + width / 2;
    return placed;
  };
  const gapAt = (block: LayerPath, index: number) => {
    gaps.push({ place: { block, index }, x: edge + gapWidth / 2 });
    if (slot?.place.index !== index || !samePath(slot.place.block, block)) return;
    put(columnWidth, { kind: 'slot', path: [...block, index], units: slot.units, dense: slot.dense });
  };
  const lay = (list: readonly Layer[], listShapes: readonly LayerShape[], block: LayerPath) => {
    for (const [index, layer] of list.entries()) {
      const path = [...block, index];
      const shape = listShapes[index];
      gapAt(block, index);
      if (!shape) continue;
      if (layer.type === 'residual') layBlock(layer.layers, shape, path);
      else put(columnWidth, { kind: 'layer', path, units: shape.outputs, dense: layer.type === 'dense' });
    }
    gapAt(block, list.length);
  };
  const layBlock = (inner: readonly Layer[], shape: LayerShape, path: LayerPath) => {
    const from = columns.at(-1) ?? input;
    const left = edge + gapWidth;
    edge = left + blockPadding - gapWidth;
    const at = blocks.length;
    lay(inner, shape.inner, path);
    const sum = put(sumWidth, { kind: 'sum', path, units: shape.outputs, dense: false });
    edge = sum.x + sumWidth / 2 + blockPadding;
    const around = depth - path.length + 1;
    const top = columnTop - around * blockHead;
    // An outer block is drawn before its inner ones.
    blocks.splice(at, 0, { path, left, right: edge, top, bottom: columnBottom + around * blockFoot, from, sum });
  };
  const input = put(columnWidth, { kind: 'input', path: [], units: inputs, dense: false });
  lay(layers, shapes, []);
  const lossX = edge + gapWidth;
  return {
    columns,
    blocks,
    gaps,
    lossX,
    width: lossX + cardWidth,
    columnTop,
    columnBottom,
    top: columnTop - depth * blockHead,
    bottom: columnBottom + depth * blockFoot,
  };
}

const widths = (shapes: readonly LayerShape[]): number[] =>
  shapes.flatMap(({ outputs, inner }) => [outputs, ...widths(inner)]);

/** How deep blocks lie in each other. */
const blockDepth = (layers: readonly Layer[]): number =>
  Math.max(0, ...layers.map(layer => (layer.type === 'residual' ? 1 + blockDepth(layer.layers) : 0)));

function nodesOf(units: number, pitch: number): DrawnNode[] {
  const shown: (number | undefined)[] = [...drawnUnits(units)];
  if (units > maximumDrawn) shown.splice(ellipsisAfter, 0, undefined);
  return shown.map((unit, i) => ({
    y: (i - (shown.length - 1) / 2) * pitch,
    unit,
    stands: unit === undefined ? units - shown.length + 1 : 1,
  }));
}

/** The gap nearest to x, if x lies between the data and the loss; undefined outside. */
export function gapAt({ gaps, top, bottom, width }: Picture, x: number, y: number): Gap | undefined {
  const margin = 60;
  if (x < cardWidth / 2 || x > width || y < top - margin || y > bottom + margin) return undefined;
  return gaps.reduce<Gap | undefined>(
    (nearest, gap) => (nearest && Math.abs(nearest.x - x) <= Math.abs(gap.x - x) ? nearest : gap),
    undefined,
  );
}

/** The column of a layer: for a block, its sum. */
export const columnOf = ({ columns }: Picture, path: LayerPath): Column | undefined =>
  columns.find(column => column.kind !== 'slot' && column.kind !== 'input' && samePath(column.path, path));

/** Left and right end of a layer, be it a column or a block. */
export function extentOf(picture: Picture, path: LayerPath): { readonly left: number; readonly right: number } {
  const block = picture.blocks.find(({ path: other }) => samePath(other, path));
  if (block) return block;
  const x = columnOf(picture, path)?.x ?? 0;
  return { left: x - columnWidth / 2, right: x + columnWidth / 2 };
}
