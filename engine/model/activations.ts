import type { Activation } from './layerFields.ts';

/** An activation of one number: σ(a), and σ′(a) given a and z = σ(a). */
interface ScalarActivation {
  readonly value: (a: number) => number;
  readonly derivative: (a: number, z: number) => number;
}

/** Slope of the leaky ReLU below 0, as in PyTorch. */
const leak = 0.01;

/**
 *     identity   z = a                            σ′ = 1
 *     step       z = 1 if a > 0 else 0            σ′ = 0
 *     relu       z = max(0, a)                    σ′ = 1 if a > 0 else 0
 *     leakyRelu  z = a if a > 0 else 0.01 a       σ′ = 1 if a > 0 else 0.01
 *     elu        z = a if a > 0 else e^a − 1      σ′ = 1 if a > 0 else z + 1
 *     gelu       z = a Φ(a)                       σ′ = Φ(a) + a φ(a)
 *     silu       z = a s(a), s the sigmoid        σ′ = s(a) + z (1 − s(a))
 *     sigmoid    z = 1/(1+e^−a)                   σ′ = z(1−z)
 *     tanh       z = tanh a                       σ′ = 1 − z²
 *     softplus   z = ln(1 + e^a)                  σ′ = sigmoid(a)
 *
 * Φ and φ are the distribution and the density of the standard normal. Sources: the article, “Activation functions”; Maas et al. 2013;
 * Clevert et al. 2016; Hendrycks & Gimpel 2016; Elfwing et al. 2018. softmax needs a whole row, so it is not here.
 */
export const scalarActivations: Record<Exclude<Activation, 'softmax'>, ScalarActivation> = {
  identity: { value: a => a, derivative: () => 1 },
  step: { value: a => (a > 0 ? 1 : 0), derivative: () => 0 },
  relu: { value: a => (a > 0 ? a : 0), derivative: a => (a > 0 ? 1 : 0) },
  leakyRelu: { value: a => (a > 0 ? a : leak * a), derivative: a => (a > 0 ? 1 : leak) },
  elu: { value: a => (a > 0 ? a : Math.expm1(a)), derivative: (a, z) => (a > 0 ? 1 : z + 1) },
  gelu: { value: a => a * normalDistribution(a), derivative: a => normalDistribution(a) + a * normalDensity(a) },
  silu: { value: a => a * sigmoid(a), derivative: (a, z) => sigmoid(a) + z * (1 - sigmoid(a)) },
  sigmoid: { value: sigmoid, derivative: (_, z) => z * (1 - z) },
  tanh: { value: Math.tanh, derivative: (_, z) => 1 - z * z },
  softplus: { value: a => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))), derivative: sigmoid },
};

/** 1/(1+e^−a), never through an overflowing e^|a|. */
export function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}

/** φ(x) = e^(−x²/2) / √(2π) */
const normalDensity = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * Φ(x), the share of a standard normal below x, to float64 rounding.
 *
 *     |x| ≤ 6:  Φ(x) = ½ + φ(x) Σ_n x^(2n+1) / (1·3·5···(2n+1)), terms of one sign
 *     beyond:   the tail φ(x)/x · 1/(1 + 1/(x² + …)), as a continued fraction, so that small tails keep their digits
 *
 * Source: Marsaglia 2004, “Evaluating the Normal Distribution”; Abramowitz & Stegun 26.2.14.
 */
export function normalDistribution(x: number): number {
  if (x < -2) return normalTail(-x);
  if (x > 6) return 1 - normalTail(x);
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** 1 − Φ(x) for x > 0: φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), from the far end. */
function normalTail(x: number): number {
  let fraction = x;
  for (let n = 200; n >= 1; n--) fraction = x + n / fraction;
  return normalDensity(x) / fraction;
}
