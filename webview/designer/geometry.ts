/** Sizes of the picture at zoom 1, in pixels. y is 0 on the middle line. */
export const nodeRadius = 15;
export const columnPitch = 112;
export const columnWidth = 72;
export const cardWidth = 132;
export const cardHeight = 176;
const widePitch = 50;
const narrowPitch = 36;
/** Nodes drawn of one column; larger ones show the first and last and say how many there are. */
const maximumNodes = 12;
const headHeight = 52;
const footHeight = 54;
const cardGap = 40;

/** One drawn node, or the ellipsis that stands for those left out. */
export interface DrawnNode {
  readonly y: number;
  /** How many units it stands for: 1 for a node. */
  readonly stands: number;
}

export interface Column {
  /** Middle of the column. */
  readonly x: number;
  readonly units: number;
  readonly nodes: readonly DrawnNode[];
}

/** A place between two columns where a layer can be put; gap i is before layer i. */
export interface Gap {
  readonly x: number;
}

export interface Picture {
  readonly dataX: number;
  readonly input: Column;
  readonly layers: readonly Column[];
  readonly gaps: readonly Gap[];
  readonly lossX: number;
  readonly width: number;
  /** From the head of the columns to their foot; the middle line is in the middle. */
  readonly top: number;
  readonly bottom: number;
}

/** A place kept free in the picture for a layer that is being dragged. */
export interface Slot {
  readonly gap: number;
  readonly units: number;
}

/** Where everything stands, given the nodes of each layer. */
export function layOut(
  units: readonly number[],
  inputs: number,
  slot?: Slot,
): Picture & { readonly slot: Column | undefined } {
  const drawn = [inputs, ...units, ...(slot ? [slot.units] : [])].map(drawnCount);
  const pitch = Math.max(...drawn) > 8 ? narrowPitch : widePitch;
  const first = cardWidth + cardGap + columnWidth / 2;
  // Everything from the slot on moves aside by one column.
  const at = (i: number) => first + (i + (slot && i > slot.gap ? 1 : 0)) * columnPitch;
  const column = (i: number, count: number): Column => ({ x: at(i), units: count, nodes: nodesOf(count, pitch) });
  const input = column(0, inputs);
  const columns = units.map((count, i) => column(i + 1, count));
  const slotColumn = slot && {
    x: first + (slot.gap + 1) * columnPitch,
    units: slot.units,
    nodes: nodesOf(slot.units, pitch),
  };
  const lastX = Math.max(columns.at(-1)?.x ?? input.x, slotColumn?.x ?? 0);
  const lossX = lastX + columnWidth / 2 + cardGap;
  const half = Math.max(cardHeight / 2, ((Math.max(...drawn) - 1) / 2) * pitch + nodeRadius);
  return {
    dataX: 0,
    input,
    layers: columns,
    gaps: [input, ...columns].map(({ x }) => ({ x: x + columnPitch / 2 })),
    slot: slotColumn,
    lossX,
    width: lossX + cardWidth,
    top: -half - headHeight,
    bottom: half + footHeight,
  };
}

const drawnCount = (units: number): number => Math.min(units, maximumNodes);

function nodesOf(units: number, pitch: number): DrawnNode[] {
  const count = drawnCount(units);
  const y = (i: number) => (i - (count - 1) / 2) * pitch;
  const ellipsis = units > maximumNodes ? Math.floor(count / 2) : -1;
  return Array.from({ length: count }, (_, i) => ({ y: y(i), stands: i === ellipsis ? units - count + 1 : 1 }));
}

/** The gap nearest to x, if x lies between the data and the loss; undefined outside. */
export function gapAt({ gaps, top, bottom, width }: Picture, x: number, y: number): number | undefined {
  const margin = 60;
  if (x < cardWidth / 2 || x > width || y < top - margin || y > bottom + margin) return undefined;
  let nearest = 0;
  gaps.forEach((gap, i) => {
    if (Math.abs(gap.x - x) < Math.abs((gaps[nearest]?.x ?? 0) - x)) nearest = i;
  });
  return nearest;
}

/** Index that a layer gets when it is dropped on a gap; the same as before when it would not move. */
export const indexAfterMove = (from: number, gap: number): number => (gap > from ? gap - 1 : gap);

/** All edges between two columns as one path, because a network of fifty layers has thousands. */
export function edgesPath(from: Column, to: Column): string {
  const x0 = from.x + nodeRadius + 1;
  const x1 = to.x - nodeRadius - 1;
  const middle = (x0 + x1) / 2;
  return from.nodes
    .flatMap(a => to.nodes.map(b => `M${x0} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${x1} ${b.y}`))
    .join('');
}

/** What part of the picture is seen: screen = scale · picture + offset. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const minimumScale = 0.05;
const maximumScale = 3;

/** The viewport that shows the whole picture in the middle, never enlarged. */
export function fit({ width, top, bottom }: Picture, screenWidth: number, screenHeight: number): Viewport {
  const margin = 12;
  // Below the columns stands the stepper, which does not shrink.
  const below = 40;
  const height = screenHeight - margin - below;
  const scale = Math.min(1, (screenWidth - 2 * margin) / width, height / (bottom - top));
  const bounded = Math.max(minimumScale, scale);
  return {
    scale: bounded,
    x: (screenWidth - width * bounded) / 2,
    y: margin + height / 2 - ((top + bottom) / 2) * bounded,
  };
}

/** Zooms by `factor`, keeping the point of the screen at (x, y) in place. */
export function zoomAt(viewport: Viewport, factor: number, x: number, y: number): Viewport {
  const scale = Math.min(maximumScale, Math.max(minimumScale, viewport.scale * factor));
  const ratio = scale / viewport.scale;
  return { scale, x: x - (x - viewport.x) * ratio, y: y - (y - viewport.y) * ratio };
}

export const toPicture = ({ scale, x, y }: Viewport, screenX: number, screenY: number) => ({
  x: (screenX - x) / scale,
  y: (screenY - y) / scale,
});
