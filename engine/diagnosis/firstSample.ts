import { referenceBackend } from '../backends/reference/reference.ts';
import { pictureSize, type NetworkSample } from '../protocol/networkSample.ts';
import { NetworkSampler } from '../training/networkSampler.ts';
import type { Subject } from './subject.ts';

/** Multiplications that the pictures of all nodes may cost. */
const pictureBudget = 2e7;

/**
 * What the drawn nodes hold at the weights a training starts from; without gradients, since there was no step. The
 * nodes of a large network have no pictures. Undefined when a number is not finite.
 */
export function firstSample({ given, data, network, parameterCount }: Subject): NetworkSample | undefined {
  const beginning = { network, step: 0, epochOf: () => 0 };
  const withPictures = parameterCount * pictureSize ** 2 <= pictureBudget;
  const sampler = new NetworkSampler(beginning, given.model.layers, referenceBackend, data, { withPictures });
  const sample = sampler.sample();
  return (
    sample && {
      ...sample,
      layers: sample.layers.map(layer => ({ ...layer, weightGradients: [], biasGradients: [] })),
    }
  );
}
