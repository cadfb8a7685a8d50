import { layerAt } from '../../engine/model/layerPaths.ts';
import type { Layer } from '../../engine/model/schema.ts';
import type { LayerSample } from '../../engine/protocol/networkSample.ts';
import { cardWidth, columnWidth, nodeRadius, sumWidth, type Block, type Column, type Picture } from './geometry.ts';
import type { Hit } from './hitTest.ts';
import { meanSign } from './liveColumns.ts';
import { picturesOf, PictureSheet } from './nodePictures.ts';
import { addEdge, paintBand, paintEdges, type Bundle, type EdgeInk } from './paintEdges.ts';
import { paintNodes, type NodeInk } from './paintNodes.ts';
import { isFar, seenSpan, type Size, type Viewport } from './viewport.ts';

export interface Ink extends EdgeInk, NodeInk {
  readonly font: string;
}

export interface Scene {
  readonly picture: Picture;
  readonly layers: readonly Layer[];
  readonly samples: readonly (LayerSample | undefined)[];
  readonly sheet: PictureSheet;
  /** What the inputs show, if anything does. */
  readonly inputs: readonly (readonly number[])[];
  readonly viewport: Viewport;
  readonly size: Size;
  readonly hover: Hit | undefined;
  /** Layers that the hand holds, by key of their column's place in the picture. */
  readonly isHeld: (column: Column) => boolean;
}

/** The pictures of all nodes, painted anew for each sample. */
export const sheetOf = (
  { columns }: Picture,
  samples: readonly (LayerSample | undefined)[],
  inputs: Scene['inputs'],
  ink: Ink,
): PictureSheet =>
  new PictureSheet(
    columns.map((column, i) => picturesOf(column, samples[i], inputs)),
    ink,
  );

/** Paints edges and nodes, only those that are seen. The frames, texts and everything that can be touched lie above. */
export function paintNetwork(context: CanvasRenderingContext2D, scene: Scene, ink: Ink): void {
  const { picture, samples, viewport, size, hover, isHeld } = scene;
  const ratio = window.devicePixelRatio;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const { scale, x, y } = viewport;
  context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
  context.font = ink.font;
  context.lineCap = 'round';

  const seen = seenSpan(viewport, size);
  const visible = (from: number, to: number) => to >= seen.left - columnWidth && from <= seen.right + columnWidth;
  const { columns, blocks } = picture;
  paintEnds(context, picture, ink);
  for (const block of blocks) if (visible(block.from.x, block.right)) paintSkip(context, block, ink);
  columns.forEach((to, i) => {
    const from = columns[i - 1];
    if (!from || !visible(from.x, to.x)) return;
    const strength = isHeld(from) || isHeld(to) || from.kind === 'slot' || to.kind === 'slot' ? 0.3 : 1;
    const bundle: Bundle = { from, to, sample: samples[i], hover: hover?.column === i ? hover : undefined, strength };
    const own = samples[i];
    if (isFar(viewport)) paintBand(context, bundle, own && to.dense ? meanSign(own) : 0, ink);
    else paintEdges(context, bundle, ink);
  });
  columns.forEach((column, i) => {
    if (!visible(column.x, column.x)) return;
    if (isFar(viewport)) paintBar(context, column, ink);
    else paintColumn(context, scene, column, i, ink);
  });
  context.globalAlpha = 1;
}

function paintColumn(context: CanvasRenderingContext2D, scene: Scene, column: Column, row: number, ink: Ink): void {
  const { layers, samples, sheet, inputs, isHeld } = scene;
  const layer = column.kind === 'layer' ? layerAt(layers, column.path) : undefined;
  const pictures = picturesOf(column, samples[row], inputs).length;
  paintNodes(
    context,
    {
      column,
      sample: samples[row],
      activation: layer?.type === 'dense' ? layer.activation : undefined,
      sheet,
      row,
      pictures,
      strength: isHeld(column) ? 0.3 : 1,
    },
    ink,
  );
}

/** Far away a column is a bar. */
function paintBar(context: CanvasRenderingContext2D, column: Column, ink: Ink): void {
  const half = column.kind === 'sum' ? nodeRadius / 2 : nodeRadius;
  const top = (column.nodes[0]?.y ?? 0) - nodeRadius;
  const bottom = (column.nodes.at(-1)?.y ?? 0) + nodeRadius;
  context.globalAlpha = 1;
  context.fillStyle = ink.fill;
  context.strokeStyle = ink.rim;
  context.lineWidth = 4;
  context.beginPath();
  context.roundRect(column.x - half, top, 2 * half, bottom - top, half);
  context.fill();
  context.stroke();
}

/** Lines from the data to the inputs, and from the outputs to the loss. */
function paintEnds(context: CanvasRenderingContext2D, { columns, lossX }: Picture, ink: Ink): void {
  const path = new Path2D();
  const first = columns[0];
  const last = columns.at(-1);
  for (const { y } of first?.nodes ?? []) addEdge(path, cardWidth, 0, (first?.x ?? 0) - nodeRadius, y);
  for (const { y } of last?.nodes ?? []) addEdge(path, (last?.x ?? 0) + nodeRadius, y, lossX, 0);
  context.globalAlpha = ink.strong ? 0.8 : 0.6;
  context.strokeStyle = ink.neutral;
  context.lineWidth = 1;
  context.stroke(path);
}

/** The skip of a block: one line from the column before it over its top into the sum. */
function paintSkip(context: CanvasRenderingContext2D, { from, sum, top, left }: Block, ink: Ink): void {
  const x0 = from.x + (from.kind === 'sum' ? sumWidth : columnWidth) / 2;
  const y0 = (from.nodes[0]?.y ?? 0) - nodeRadius - 10;
  const y = top + 36;
  const end = (sum.nodes[0]?.y ?? 0) - nodeRadius - 4;
  const bend = 16;
  context.globalAlpha = 1;
  context.strokeStyle = ink.neutral;
  context.lineWidth = 1.8;
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(left, y0, x0, y, left + 2 * bend, y);
  context.lineTo(sum.x - bend, y);
  context.quadraticCurveTo(sum.x, y, sum.x, y + bend);
  context.lineTo(sum.x, end - 6);
  context.stroke();
  context.fillStyle = ink.neutral;
  context.beginPath();
  context.moveTo(sum.x, end);
  context.lineTo(sum.x - 4, end - 8);
  context.lineTo(sum.x + 4, end - 8);
  context.fill();
}
