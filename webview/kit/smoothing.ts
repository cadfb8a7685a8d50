import type { ChartPoint } from './chartTypes.ts';

/**
 * A curve without its jitter: an exponential moving average that begins at the first value.
 *
 *     s ← βs + (1 − β)y,  shown as s/(1 − βⁿ) after n points
 *
 * `beta` is 0 for the curve itself and below 1. Source: Kingma & Ba 2015 for the correction; TensorBoard smooths the same way.
 */
export function smooth(points: readonly ChartPoint[], beta: number): readonly ChartPoint[] {
  if (beta === 0) return points;
  let average = 0;
  let share = 1;
  return points.map(({ x, y }) => {
    average = beta * average + (1 - beta) * y;
    share *= beta;
    return { x, y: average / (1 - share) };
  });
}
