import type { Marker } from '../kit/optimizerSeries.ts';

export type Pixel = readonly [x: number, y: number];

/** The outline of a marker around a point, as an SVG or canvas path. */
export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  const polygon = (radii: readonly number[], turn = -Math.PI / 2) =>
    `${radii
      .map((radius, i) => {
        const angle = turn + (2 * Math.PI * i) / radii.length;
        return `${i === 0 ? 'M' : 'L'}${(x + radius * Math.cos(angle)).toFixed(2)} ${(y + radius * Math.sin(angle)).toFixed(2)}`;
      })
      .join('')}Z`;
  switch (marker) {
    case 'circle':
      return `M${x - r} ${y}A${r} ${r} 0 1 0 ${x + r} ${y}A${r} ${r} 0 1 0 ${x - r} ${y}Z`;
    case 'square':
      return polygon([1.25 * r, 1.25 * r, 1.25 * r, 1.25 * r], -Math.PI / 4);
    case 'triangle':
      return polygon([1.35 * r, 1.35 * r, 1.35 * r]);
    case 'triangleDown':
      return polygon([1.35 * r, 1.35 * r, 1.35 * r], Math.PI / 2);
    case 'diamond':
      return polygon([1.35 * r, 1.1 * r, 1.35 * r, 1.1 * r]);
    case 'pentagon':
      return polygon([1.2 * r, 1.2 * r, 1.2 * r, 1.2 * r, 1.2 * r]);
    case 'star':
      return polygon(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 1.5 * r : 0.65 * r)));
    case 'cross':
      return polygon(
        Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 1.45 * r : 0.6 * r)),
        -Math.PI / 4,
      );
  }
}

/** An arrow as a path: a shaft and a head. */
export function arrowPath(
  [x, y]: Pixel,
  [u, v]: Pixel,
  head: number,
): { readonly shaft: string; readonly tip: string } {
  const length = Math.hypot(u, v) || 1;
  const [a, b] = [(u / length) * head, (v / length) * head];
  const [endX, endY] = [x + u, y + v];
  return {
    shaft: `M${x} ${y}L${endX - 0.8 * a} ${endY - 0.8 * b}`,
    tip: `M${endX} ${endY}L${endX - a - 0.48 * b} ${endY - b + 0.48 * a}L${endX - a + 0.48 * b} ${endY - b - 0.48 * a}Z`,
  };
}

/** A vector of the plane at a length in pixels; screens count y downwards. */
export function fitted([u, v]: readonly [number, number], length: number): Pixel {
  const size = Math.hypot(u, v);
  return size > 0 ? [(u / size) * length, (-v / size) * length] : [0, 0];
}

/** Something that moves on a surface, ready to be drawn. */
export interface DrawnWay {
  readonly color: string;
  readonly dash: readonly number[];
  readonly marker: Marker;
  readonly selected: boolean;
  /** Where it has been, the ball last. */
  readonly trail: readonly Pixel[];
  /** Which points of the trail lie behind a hill, where that can be. */
  readonly behind: (point: number) => boolean;
  /** Where the next step leads; undefined while it runs, and at the end. */
  readonly ghost: Pixel | undefined;
  /** Drawn at the ball: what the current phase is about. */
  readonly arrows: readonly { readonly vector: Pixel; readonly color: string; readonly dashed: boolean }[];
}

/** How much is left of a trail, and of a ball, that lies behind a hill: enough to know where it is. */
const [faintTrail, faintBall] = [0.3, 0.4];

/** Draws trails, ghosts and balls, faintly what lies behind a hill; `round` makes the balls shaded, as the 3-D picture has them. */
export function drawWays(
  context: CanvasRenderingContext2D,
  ways: readonly DrawnWay[],
  background: string,
  round: boolean,
): void {
  const ordered = [...ways].sort((a, b) => Number(a.selected) - Number(b.selected));
  context.lineJoin = 'round';
  for (const { trail, behind, color, dash, selected } of ordered) {
    const { seen, hidden } = trailPaths(trail, behind);
    const stroke = (path: Path2D, style: string, width: number, pattern: readonly number[], alpha: number) => {
      context.globalAlpha = alpha;
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash([...pattern]);
      context.stroke(path);
    };
    stroke(hidden, color, 1.6, [2, 3], faintTrail);
    stroke(seen, background, 4.6, [], 0.55);
    stroke(seen, color, selected ? 2.8 : 2, dash, 1);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  for (const way of ordered) drawBall(context, way, background, round);
}

/** The trail as lines, in sight and behind a hill; points that no eye could tell apart are left out. */
function trailPaths(
  trail: readonly Pixel[],
  behind: DrawnWay['behind'],
): { readonly seen: Path2D; readonly hidden: Path2D } {
  const paths = { seen: new Path2D(), hidden: new Path2D() };
  let last: Pixel | undefined;
  let drawn: Path2D | undefined;
  trail.forEach((point, i) => {
    if (last && i < trail.length - 1 && Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < 0.7) return;
    const path = behind(i) ? paths.hidden : paths.seen;
    if (path !== drawn) path.moveTo(...(last ?? point));
    path.lineTo(...point);
    [drawn, last] = [path, point];
  });
  return paths;
}

function drawBall(context: CanvasRenderingContext2D, way: DrawnWay, background: string, round: boolean): void {
  const { trail, behind, ghost, arrows, color, marker, selected } = way;
  const ball = trail.at(-1);
  if (!ball) return;
  const radius = selected ? 6.5 : 5.2;
  context.globalAlpha = behind(trail.length - 1) ? faintBall : 1;
  if (ghost) {
    context.strokeStyle = color;
    context.lineWidth = 1.4;
    context.setLineDash([2, 2]);
    context.stroke(new Path2D(markerPath('circle', ghost[0], ghost[1], radius)));
    context.setLineDash([]);
  }
  context.fillStyle = color;
  context.strokeStyle = background;
  context.lineWidth = 1.4;
  const shape = new Path2D(markerPath(marker, ball[0], ball[1], radius));
  context.fill(shape);
  context.stroke(shape);
  if (round && marker === 'circle') {
    context.fillStyle = 'rgba(255,255,255,0.55)';
    context.fill(new Path2D(markerPath('circle', ball[0] - radius * 0.3, ball[1] - radius * 0.35, radius * 0.28)));
  }
  context.globalAlpha = 1;
  for (const arrow of arrows) {
    const { shaft, tip } = arrowPath(ball, arrow.vector, 8);
    context.strokeStyle = context.fillStyle = arrow.color;
    context.lineWidth = 2.2;
    context.setLineDash(arrow.dashed ? [4, 3] : []);
    context.stroke(new Path2D(shaft));
    context.setLineDash([]);
    context.fill(new Path2D(tip));
  }
}
