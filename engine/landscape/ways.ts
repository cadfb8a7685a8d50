import { EngineError } from '../model/errors.ts';
import { flat } from '../network/flatWeights.ts';
import type { Network } from '../network/network.ts';
import { pointsOfEach, type WeightPath } from './weightPath.ts';
import type { LossAtWeights, LossProblem, NetworkPoint } from './lossAtWeights.ts';

/** Ways through weight space, as they are now, and the loss that is drawn around them. */
export interface Ways {
  readonly problem: LossProblem;
  readonly loss: LossAtWeights;
  readonly paths: readonly WeightPath[];
  /** What random directions lie around, and whose statistics the surface has; undefined before the first point. */
  readonly center: NetworkPoint | undefined;
  readonly epoch: number;
  readonly epochs: number;
  /** What a reader must know about them, as a sentence; empty when there is nothing. */
  readonly note: string;
}

/** Where a network, or the session of one, stands. */
export const pointOf = ({ network }: { readonly network: Network }): NetworkPoint => ({
  weights: flat(network.parameters),
  statistics: flat(network.statistics),
});

/** How many points each of `paths` may keep. Throws `memory-limit` when these would be too few to see a way. */
export function requirePoints(paths: number, weights: number): number {
  const points = pointsOfEach(paths, weights);
  if (points >= 5) return points;
  throw new EngineError(
    'memory-limit',
    `The paths of ${paths} optimizers through ${weights} weights do not fit into memory. Explore fewer optimizers or a smaller network.`,
  );
}
