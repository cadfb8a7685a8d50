import type { Activation } from '../../../model/layerFields.ts';
import { kernelSource, type KernelSource } from './kernelSource.ts';

type ScalarActivation = Exclude<Activation, 'softmax'>;

/** 1/(1+e^−a); below −80, where e^−a leaves float32, it is 0 all the same. */
const sigmoid = (a: string) => `(1.0 / (1.0 + Math.exp(-Math.max(-80.0, ${a}))))`;

/** Beyond ±15 tanh is ±1 in float32, and a graphics driver's may be NaN. */
const tanh = (a: string) => `Math.tanh(Math.max(-15.0, Math.min(15.0, ${a})))`;

/**
 * Leaves Φ(a) in `phi` and φ(a) in `density`.
 *
 *     erf(u) ≈ 1 − (c₁t + c₂t² + c₃t³ + c₄t⁴ + c₅t⁵) e^(−u²),  t = 1/(1 + pu), u ≥ 0, to 1.5·10⁻⁷
 *
 * Source: Abramowitz & Stegun 7.1.26.
 */
const normal = `
  const u = Math.abs(a) * 0.7071067811865476;
  const t = 1.0 / (1.0 + 0.3275911 * u);
  const bell = Math.exp(-Math.min(u * u, 80.0));
  const tail = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * bell;
  const phi = (a > 0.0 ? 1.0 - tail : tail);
  const density = bell * 0.3989422804014327;`;

/** `engine/model/activations.ts` has the formulas; here `a` and `z` are numbers of a kernel. `before` comes first where there is one. */
const formulas: Record<ScalarActivation, { value: string; derivative: string; before?: string }> = {
  identity: { value: 'a', derivative: '1.0' },
  step: { value: '(a > 0.0 ? 1.0 : 0.0)', derivative: '0.0' },
  relu: { value: '(a > 0.0 ? a : 0.0)', derivative: '(a > 0.0 ? 1.0 : 0.0)' },
  leakyRelu: { value: '(a > 0.0 ? a : 0.01 * a)', derivative: '(a > 0.0 ? 1.0 : 0.01)' },
  elu: { value: '(a > 0.0 ? a : Math.exp(Math.min(a, 0.0)) - 1.0)', derivative: '(a > 0.0 ? 1.0 : z + 1.0)' },
  gelu: { value: 'a * phi', derivative: 'phi + a * density', before: normal },
  silu: { value: `a * ${sigmoid('a')}`, derivative: `s + z * (1.0 - s)`, before: `const s = ${sigmoid('a')};` },
  sigmoid: { value: sigmoid('a'), derivative: 'z * (1.0 - z)' },
  tanh: { value: tanh('a'), derivative: '1.0 - z * z' },
  softplus: { value: 'Math.max(a, 0.0) + Math.log(1.0 + Math.exp(-Math.abs(a)))', derivative: sigmoid('a') },
};

/** z[batch, n] ← σ(a[batch, n]) */
export function activate(activation: ScalarActivation): KernelSource {
  const { value, before = '' } = formulas[activation];
  return kernelSource(['preActivation'], `const a = preActivation[row][column]; ${before} return ${value};`);
}

/** ∂L/∂a ← ∂L/∂z ⊙ σ′(a) */
export function activationGradient(activation: ScalarActivation): KernelSource {
  const { derivative, before = '' } = formulas[activation];
  return kernelSource(
    ['preActivation', 'output', 'gradient'],
    `const a = preActivation[row][column]; const z = output[row][column]; ${before} return gradient[row][column] * (${derivative});`,
  );
}
