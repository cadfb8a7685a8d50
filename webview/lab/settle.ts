import type { Point } from '../../engine/model/surfaceTable.ts';

interface Way {
  readonly positions: ArrayLike<number>;
}

/**
 * The first step from which a way stays within `radius` of one and the same target, to its end;
 * undefined when it does not. A way that only passes by has not arrived.
 */
export function settledAt({ positions }: Way, targets: readonly Point[], radius = 0.1): number | undefined {
  const last = positions.length / 2 - 1;
  for (const [x, y] of targets) {
    const isNear = (step: number) =>
      Math.hypot((positions[2 * step] ?? NaN) - x, (positions[2 * step + 1] ?? NaN) - y) < radius;
    if (!isNear(last)) continue;
    let step = last;
    while (step > 0 && isNear(step - 1)) step--;
    return step;
  }
  return undefined;
}

/**
 * The radius that holds 95 % of the resting steps of gradient descent with noise on ½λ(x² + y²), around the minimum.
 *
 *     w ← w − α(λw + ξ/√b)   has, at rest, the variance   s² = ασ² / (bλ(2 − αλ))   in each coordinate;
 *     the distance is then Rayleigh distributed:  r₉₅ = s √(−2 ln 0.05)
 *
 * Undefined where nothing rests, αλ ≥ 2. Source: the stationary variance of an AR(1) process.
 */
export function noiseBallRadius(learningRate: number, lambda: number, deviation: number, batchSize: number) {
  const shrink = learningRate * lambda;
  if (shrink <= 0 || shrink >= 2) return undefined;
  const variance = (learningRate * deviation ** 2) / (batchSize * lambda * (2 - shrink));
  return Math.sqrt(variance * -2 * Math.log(0.05));
}
