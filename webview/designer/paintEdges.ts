import type { LayerSample } from '../../engine/protocol/networkSample.ts';
import { nodeRadius, type Column } from './geometry.ts';
import type { Hit } from './hitTest.ts';

/** What edges are drawn with; all colours are those of the theme. */
export interface EdgeInk {
  readonly plus: string;
  readonly minus: string;
  readonly neutral: string;
  /** High contrast: no faint edge, and negative ones are dashed. */
  readonly strong: boolean;
}

export interface Bundle {
  readonly from: Column;
  readonly to: Column;
  readonly sample: LayerSample | undefined;
  readonly hover: Hit | undefined;
  /** 0 to 1: how much of their strength the edges keep. */
  readonly strength: number;
}

/** Strengths that edges are sorted into, so that thousands of them are few strokes. */
const levels = 8;

/** All edges between two columns. */
export function paintEdges(context: CanvasRenderingContext2D, bundle: Bundle, ink: EdgeInk): void {
  const { from, to, sample, strength } = bundle;
  if (!to.dense || from.kind === 'slot' || to.kind === 'slot') {
    paintNeutral(context, bundle, to.dense ? 'all' : 'own', ink);
    return;
  }
  if (!sample) {
    paintNeutral(context, bundle, 'all', ink);
    return;
  }
  for (const { path, sign, level } of weightedPaths(bundle, sample)) {
    // width 0.6 + 3.4 t, opacity 0.14 + 0.78 t, where t = (|w| / max |w|)^1.15
    const t = level / levels;
    const opacity = 0.14 + 0.78 * t;
    context.globalAlpha = strength * (ink.strong ? Math.max(0.55, opacity) : opacity);
    context.lineWidth = 0.6 + 3.4 * t;
    context.strokeStyle = sign < 0 ? ink.minus : ink.plus;
    context.setLineDash(ink.strong && sign < 0 ? [5, 3] : []);
    context.stroke(path);
  }
  context.setLineDash([]);
}

interface WeightedPath {
  readonly path: Path2D;
  readonly sign: 1 | -1;
  readonly level: number;
}

/** Edges of one sign and strength together, the strong ones last. */
function weightedPaths({ from, to, hover }: Bundle, { weights, largestWeight }: LayerSample): WeightedPath[] {
  const paths = new Map<number, WeightedPath>();
  const sources = from.nodes.filter(({ unit }) => unit !== undefined);
  const targets = to.nodes.filter(({ unit }) => unit !== undefined);
  targets.forEach((target, row) => {
    sources.forEach((source, column) => {
      const weight = weights[row * sources.length + column] ?? 0;
      const t = largestWeight > 0 ? (Math.abs(weight) / largestWeight) ** 1.15 : 0;
      const faded = hover && (hover.node !== target || (hover.from && hover.from !== source));
      const level = Math.round(levels * (faded ? t / 4 : t));
      const key = level * 2 + (weight < 0 ? 1 : 0);
      let entry = paths.get(key);
      if (!entry) {
        entry = { path: new Path2D(), sign: weight < 0 ? -1 : 1, level };
        paths.set(key, entry);
      }
      addEdge(entry.path, from.x + nodeRadius, source.y, to.x - nodeRadius, target.y);
    });
  });
  return [...paths.values()].sort((a, b) => a.level - b.level);
}

/** A curve that leaves and arrives level. */
export function addEdge(path: Path2D, x0: number, y0: number, x1: number, y1: number): void {
  const middle = (x0 + x1) / 2;
  path.moveTo(x0, y0);
  path.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}

function paintNeutral(context: CanvasRenderingContext2D, bundle: Bundle, edges: 'all' | 'own', ink: EdgeInk): void {
  const { from, to, strength } = bundle;
  const path = new Path2D();
  const x0 = from.x + nodeRadius;
  const x1 = to.x - nodeRadius;
  if (edges === 'own') to.nodes.forEach(({ y }, i) => addEdge(path, x0, from.nodes[i]?.y ?? y, x1, y));
  else for (const { y } of from.nodes) for (const node of to.nodes) addEdge(path, x0, y, x1, node.y);
  context.globalAlpha = strength * (ink.strong ? 0.8 : edges === 'own' ? 0.7 : 0.4);
  context.lineWidth = 1;
  context.strokeStyle = ink.neutral;
  context.stroke(path);
}

/** Far away: one band between two bars, coloured by the sign that prevails. */
export function paintBand(
  context: CanvasRenderingContext2D,
  { from, to, strength }: Bundle,
  sign: number,
  ink: EdgeInk,
): void {
  const end = (column: Column, which: 0 | -1) => column.nodes.at(which)?.y ?? 0;
  context.globalAlpha = strength * (sign === 0 ? 0.18 : Math.min(0.8, 0.25 + Math.abs(sign) * 2));
  context.fillStyle = sign === 0 ? ink.neutral : sign < 0 ? ink.minus : ink.plus;
  const middle = (from.x + to.x) / 2;
  context.beginPath();
  context.moveTo(from.x, end(from, 0) - nodeRadius);
  context.bezierCurveTo(middle, end(from, 0), middle, end(to, 0), to.x, end(to, 0) - nodeRadius);
  context.lineTo(to.x, end(to, -1) + nodeRadius);
  context.bezierCurveTo(middle, end(to, -1), middle, end(from, -1), from.x, end(from, -1) + nodeRadius);
  context.fill();
}
