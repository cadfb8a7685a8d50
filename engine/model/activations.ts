import type { Activation } from './layerFields.ts';

/** An activation of one number: σ(a), and σ′(a) given a and z = σ(a). */
interface ScalarActivation {
  readonly value: (a: number) => number;
  readonly derivative: (a: number, z: number) => number;
}

/**
 *     identity  z = a                       σ′ = 1
 *     step      z = 1 if a > 0 else 0       σ′ = 0
 *     relu      z = max(0, a)               σ′ = 1 if a > 0 else 0
 *     sigmoid   z = 1/(1+e^−a)              σ′ = z(1−z)
 *     tanh      z = tanh a                  σ′ = 1 − z²
 *
 * Source: the article, “Activation functions”. softmax needs a whole row, so it is
 * not here.
 */
export const scalarActivations: Record<Exclude<Activation, 'softmax'>, ScalarActivation> = {
  identity: { value: a => a, derivative: () => 1 },
  step: { value: a => (a > 0 ? 1 : 0), derivative: () => 0 },
  relu: { value: a => (a > 0 ? a : 0), derivative: a => (a > 0 ? 1 : 0) },
  sigmoid: { value: sigmoid, derivative: (_, z) => z * (1 - z) },
  tanh: { value: Math.tanh, derivative: (_, z) => 1 - z * z },
};

/** 1/(1+e^−a), never through an overflowing e^|a|. */
export function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}
