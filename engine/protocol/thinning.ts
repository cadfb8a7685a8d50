interface Recorded {
  readonly step: number;
  readonly trainLoss: number;
  readonly validationLoss?: number | undefined;
}

/**
 * At most so many points of a curve, evenly over its steps, spikes included: the steps are cut into equal parts, and the points
 * with the lowest and the highest loss of each part stay; the first and the last always do. Thinned again and again while a run
 * grows, its beginning stays as dense as its end.
 */
export function thinned<Point extends Recorded>(points: readonly Point[], maximum: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length <= maximum) return [...points];
  const parts = Math.max(1, Math.floor((maximum - 2) / 2));
  const width = (last.step - first.step + 1) / parts;
  const extremes = new Map<number, { lowest: Point; highest: Point }>();
  for (const point of points) {
    const part = Math.floor((point.step - first.step) / width);
    const known = extremes.get(part);
    if (!known) extremes.set(part, { lowest: point, highest: point });
    else if (lossOf(point) < lossOf(known.lowest)) known.lowest = point;
    else if (lossOf(point) > lossOf(known.highest)) known.highest = point;
  }
  const kept = new Set<Point>([first, last]);
  for (const { lowest, highest } of extremes.values()) kept.add(lowest).add(highest);
  return points.filter(point => kept.has(point));
}

const lossOf = ({ validationLoss, trainLoss }: Recorded): number => validationLoss ?? trainLoss;
