import { spreadOf } from '../../engine/protocol/standings.ts';
import { lossOf, type CurvePoint } from '../../engine/protocol/runTally.ts';
import type { BandPoint, ChartPoint } from '../kit/chartTypes.ts';

export type Axis = 'epoch' | 'step' | 'seconds';
export type Measure = 'loss' | 'trainLoss' | 'quality';
export type BandKind = 'range' | 'deviation' | 'off';

const measures: Readonly<Record<Measure, (point: CurvePoint) => number | undefined>> = {
  loss: lossOf,
  trainLoss: ({ trainLoss }) => trainLoss,
  quality: ({ quality }) => quality,
};

/** The curve of one run. */
export const curveOf = (points: readonly CurvePoint[], axis: Axis, measure: Measure): ChartPoint[] =>
  points.flatMap(point => {
    const y = measures[measure](point);
    return y === undefined ? [] : [{ x: point[axis], y }];
  });

/** Points at which the mean over the seeds is drawn. */
const maximumGrid = 400;

/**
 * The mean over the seeds and a band around it, at every x of any seed: from the lowest to the highest, or one
 * standard deviation to both sides. A seed counts as far as it has come; between its points it is a straight line.
 */
export function seedBand(
  curves: readonly (readonly ChartPoint[])[],
  kind: BandKind,
): { points: ChartPoint[]; band: BandPoint[] } {
  const all = [...new Set(curves.flatMap(curve => curve.map(({ x }) => x)))].sort((a, b) => a - b);
  const stride = Math.ceil(all.length / maximumGrid);
  const grid = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  const cursors = curves.map(curve => follower(curve));
  const points: ChartPoint[] = [];
  const band: BandPoint[] = [];
  for (const x of grid) {
    const spread = spreadOf(cursors.flatMap(valueAt => valueAt(x) ?? []));
    if (!spread) continue;
    const { mean, min, max, deviation } = spread;
    points.push({ x, y: mean });
    if (kind === 'range') band.push({ x, low: min, high: max });
    if (kind === 'deviation') band.push({ x, low: mean - deviation, high: mean + deviation });
  }
  return { points, band: curves.length > 1 ? band : [] };
}

/** Reads a curve at growing x; undefined beyond its ends. */
function follower(curve: readonly ChartPoint[]): (x: number) => number | undefined {
  let at = 0;
  return x => {
    while (at + 1 < curve.length && (curve[at + 1]?.x ?? Infinity) <= x) at++;
    const [left, right] = [curve[at], curve[at + 1]];
    if (!left || x < left.x) return undefined;
    if (!right) return x === left.x ? left.y : undefined;
    const share = (x - left.x) / (right.x - left.x || 1);
    return left.y + share * (right.y - left.y);
  };
}
