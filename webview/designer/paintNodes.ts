import type { Activation } from '../../engine/model/layerFields.ts';
import { pictureSize, type LayerSample } from '../../engine/protocol/networkSample.ts';
import { curveOf } from '../kit/activationCurve.ts';
import { nodeRadius, type Column, type DrawnNode } from './geometry.ts';
import { biasOffset } from './hitTest.ts';
import { signedColor, type PictureSheet, type SignColors } from './nodePictures.ts';

export interface NodeInk extends SignColors {
  readonly fill: string;
  readonly rim: string;
  readonly curve: string;
  readonly text: string;
  readonly plus: string;
  readonly minus: string;
}

export interface NodeColumn {
  readonly column: Column;
  readonly sample: LayerSample | undefined;
  readonly activation: Activation | undefined;
  readonly sheet: PictureSheet;
  /** Row of the sheet that holds this column's pictures, and how many there are. */
  readonly row: number;
  readonly pictures: number;
  readonly strength: number;
}

const glyph = { width: 18, height: 14 };
const curves = new Map<Activation, Path2D>();

/** σ in a node, made once. */
function curve(activation: Activation): Path2D {
  let path = curves.get(activation);
  if (!path) {
    path = new Path2D(curveOf(activation, glyph.width, glyph.height));
    curves.set(activation, path);
  }
  return path;
}

/** The nodes of one column: pictures or colours of what they give, else the curve of their activation. */
export function paintNodes(context: CanvasRenderingContext2D, nodes: NodeColumn, ink: NodeInk): void {
  const { column, strength } = nodes;
  context.globalAlpha = strength;
  let index = 0;
  for (const node of column.nodes) {
    if (node.unit === undefined) paintEllipsis(context, column.x, node, ink);
    else if (column.kind === 'sum') paintSum(context, column.x, node, ink);
    else if (column.kind === 'slot') paintSlot(context, column.x, node, ink);
    else paintNode(context, nodes, node, index, ink);
    if (node.unit !== undefined) index++;
  }
  context.globalAlpha = 1;
}

function paintNode(
  context: CanvasRenderingContext2D,
  nodes: NodeColumn,
  { y }: DrawnNode,
  index: number,
  ink: NodeInk,
): void {
  const { column, sample, activation, sheet, row, pictures } = nodes;
  const { x } = column;
  const disc = new Path2D();
  disc.arc(x, y, nodeRadius, 0, 2 * Math.PI);
  if (index < pictures) {
    context.save();
    context.clip(disc);
    const [left, top, size] = [index * pictureSize, row * pictureSize, pictureSize];
    context.drawImage(
      sheet.image,
      left,
      top,
      size,
      size,
      x - nodeRadius,
      y - nodeRadius,
      2 * nodeRadius,
      2 * nodeRadius,
    );
    context.restore();
  } else {
    const value = sample?.activations[index];
    context.fillStyle = value === undefined ? ink.fill : `rgb(${signedColor(shareOf(value, sample), ink).join(' ')})`;
    context.fill(disc);
    if (activation && value === undefined) {
      context.strokeStyle = ink.curve;
      context.lineWidth = 1.5;
      context.translate(x - glyph.width / 2, y - glyph.height / 2);
      context.stroke(curve(activation));
      context.translate(-x + glyph.width / 2, -y + glyph.height / 2);
    }
  }
  context.strokeStyle = ink.rim;
  context.lineWidth = 1.2;
  context.stroke(disc);
  paintBias(context, x, y, sample, index, ink);
}

/** A mean output by its share of the largest in the layer. */
function shareOf(value: number, sample: LayerSample | undefined): number {
  const largest = Math.max(0, ...(sample?.activations ?? []).map(Math.abs));
  return largest > 0 ? value / largest : 0;
}

/** The dot at the lower left: colour by sign, area by size beside the layer's largest. */
function paintBias(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  sample: LayerSample | undefined,
  index: number,
  ink: NodeInk,
): void {
  const bias = sample?.biases[index];
  if (bias === undefined || sample === undefined) return;
  const largest = Math.max(...sample.biases.map(Math.abs));
  const radius = 1.5 + 2.5 * Math.sqrt(largest > 0 ? Math.abs(bias) / largest : 0);
  context.beginPath();
  context.arc(x - biasOffset, y + biasOffset, radius, 0, 2 * Math.PI);
  context.fillStyle = bias < 0 ? ink.minus : ink.plus;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = ink.fill;
  context.stroke();
}

function paintEllipsis(context: CanvasRenderingContext2D, x: number, { y, stands }: DrawnNode, ink: NodeInk): void {
  context.fillStyle = ink.text;
  for (const offset of [-5, 0, 5]) {
    context.beginPath();
    context.arc(x, y + offset, 1.6, 0, 2 * Math.PI);
    context.fill();
  }
  context.textAlign = 'left';
  context.fillText(`+${stands.toLocaleString('en-US')}`, x + 8, y + 3.5);
}

function paintSum(context: CanvasRenderingContext2D, x: number, { y }: DrawnNode, ink: NodeInk): void {
  context.strokeStyle = ink.rim;
  context.lineWidth = 1.4;
  context.beginPath();
  context.moveTo(x - 4, y);
  context.lineTo(x + 4, y);
  context.moveTo(x, y - 4);
  context.lineTo(x, y + 4);
  context.stroke();
}

function paintSlot(context: CanvasRenderingContext2D, x: number, { y }: DrawnNode, ink: NodeInk): void {
  context.strokeStyle = ink.curve;
  context.lineWidth = 1;
  context.setLineDash([2.5, 2.5]);
  context.beginPath();
  context.arc(x, y, nodeRadius - 4, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
}
