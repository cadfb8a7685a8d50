import { Random } from '../data/random.ts';
import type { Parameter } from '../network/parameter.ts';
import type { WeightPlane } from './lossAtWeights.ts';
import { dot } from './pathPlane.ts';

/**
 * Two random directions around `center`, each filter as long as the weights it stands for.
 *
 *     d ~ N(0, 1) for each weight, then for each unit's row   d ← d · ‖w_row‖ / ‖d_row‖;   0 for biases, scales and shifts
 *
 * So a step of 1 changes every unit by its own size, and flatness does not depend on how a network is scaled.
 * Source: Li et al. 2018, “Visualizing the Loss Landscape of Neural Nets”, section 4.
 */
export function randomPlane(parameters: readonly Parameter[], center: Float64Array, seed: number): WeightPlane {
  const random = new Random(seed, 'directions');
  return { center, first: direction(parameters, center, random), second: direction(parameters, center, random) };
}

function direction(parameters: readonly Parameter[], center: Float64Array, random: Random): Float64Array {
  const all = new Float64Array(center.length);
  let at = 0;
  for (const { kind, value } of parameters) {
    if (kind === 'weight')
      for (let row = 0; row < value.rows; row++) {
        const from = at + row * value.columns;
        const part = all.subarray(from, from + value.columns);
        for (let k = 0; k < part.length; k++) part[k] = random.normal();
        const ratio = norm(center.subarray(from, from + value.columns)) / norm(part);
        for (let k = 0; k < part.length; k++) part[k]! *= ratio;
      }
    at += value.rows * value.columns;
  }
  return all;
}

const norm = (values: Float64Array): number => Math.sqrt(dot(values, values));
