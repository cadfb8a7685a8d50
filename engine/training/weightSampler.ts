import { flat } from '../network/flatWeights.ts';
import { mostSampledWeights, type WeightSample } from '../protocol/weightSample.ts';
import type { TrainingSession } from './session.ts';

/** All weights as they are between two steps; undefined when one is not finite, or when there are too many. */
export function sampleWeights({ network, step, plan }: TrainingSession): WeightSample | undefined {
  const count = network.parameters.reduce((sum, { value }) => sum + value.rows * value.columns, 0);
  if (count > mostSampledWeights) return undefined;
  const weights = flat(network.parameters);
  const statistics = flat(network.statistics);
  if (!weights.every(Number.isFinite) || !statistics.every(Number.isFinite)) return undefined;
  return { step, epoch: step / plan.stepsPerEpoch, weights, statistics };
}
