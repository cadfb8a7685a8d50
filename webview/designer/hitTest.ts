import { nodeRadius, type Column, type DrawnNode, type Picture } from './geometry.ts';

/** A node, or an edge between a node and one of the column before it. */
export interface Hit {
  /** Index of the column in the picture. */
  readonly column: number;
  readonly node: DrawnNode;
  /** The node the edge comes from; undefined for a node. */
  readonly from: DrawnNode | undefined;
}

/** Where the dot of a bias is, left of its node's middle and below it, and how near a press must come. */
export const biasOffset = nodeRadius * 0.72;
const biasReach = 6;

/** How far, in pixels of the picture, the pointer may be from an edge. */
const reach = 5;

/** The node under a point of the picture, or the nearest edge. */
export function hitAt({ columns }: Picture, x: number, y: number): Hit | undefined {
  const at = columns.findIndex(column => Math.abs(column.x - x) <= nodeRadius);
  if (at >= 0) {
    const node = columns[at]?.nodes.find(other => Math.hypot(other.y - y, (columns[at]?.x ?? 0) - x) <= nodeRadius);
    return node?.unit === undefined ? undefined : { column: at, node, from: undefined };
  }
  const to = columns.findIndex(column => column.x > x);
  const [left, right] = [columns[to - 1], columns[to]];
  if (!left || !right?.dense) return undefined;
  return nearestEdge(left, right, to, x, y);
}

/** What can be set by hand under a point: the weight of an edge, or a node's bias at the dot beside it. */
export function weightAt(picture: Picture, x: number, y: number): Hit | undefined {
  const { columns } = picture;
  for (const [index, column] of columns.entries()) {
    if (column.kind !== 'layer' || !column.dense) continue;
    const node = column.nodes.find(
      other => other.unit !== undefined && Math.hypot(column.x - biasOffset - x, other.y + biasOffset - y) <= biasReach,
    );
    if (node) return { column: index, node, from: undefined };
  }
  const hit = hitAt(picture, x, y);
  return hit?.from ? hit : undefined;
}

function nearestEdge(left: Column, right: Column, column: number, x: number, y: number): Hit | undefined {
  const share = rise((x - left.x - nodeRadius) / (right.x - left.x - 2 * nodeRadius));
  let best: Hit | undefined;
  let distance = reach;
  for (const from of left.nodes)
    for (const node of right.nodes) {
      if (from.unit === undefined || node.unit === undefined) continue;
      const away = Math.abs(from.y + (node.y - from.y) * share - y);
      if (away >= distance) continue;
      distance = away;
      best = { column, node, from };
    }
  return best;
}

/**
 * How far an edge has come in y when it has come the share `x` of its way in x. Its Bézier curve has both
 * control points in the middle:
 *
 *     x(t) = 3t(1−t)²/2 + 3t²(1−t)/2 + t³ = 3t/2 − 3t²/2 + t³      y(t) = 3t² − 2t³
 */
export function rise(x: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 30; i++) {
    const t = (low + high) / 2;
    if (1.5 * t - 1.5 * t * t + t ** 3 < x) low = t;
    else high = t;
  }
  return 3 * low * low - 2 * low ** 3;
}
