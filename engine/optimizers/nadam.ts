import type { OptimizerSettings } from '../model/schema.ts';
import { epsilonPlaces, type Slots, type UpdateRule } from './updateRule.ts';

type NadamSlots = Slots<'firstMoment' | 'secondMoment' | 'momentumProduct'>;

/**
 * Nadam: Adam with Nesterov's look ahead.
 *
 *     m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      v̂ = v/(1−β₂ᵗ)
 *     article:  w ← w − α (β₁m/(1−β₁ᵗ⁺¹) + (1−β₁)g/(1−β₁ᵗ)) / √(v̂ + ε)
 *     pytorch, keras:  μₜ = β₁(1 − ½·0.96^(ψt))      Πₜ = μ₁μ₂…μₜ
 *                      w ← w − α (μₜ₊₁m/(1−Πₜ₊₁) + (1−μₜ)g/(1−Πₜ)) / (√v̂ + ε)
 *
 * ψ is 0.004 in PyTorch and 1 in Keras. The product Πₜ is kept in the first entry of its slot.
 * `step` is t and counts from 1. Source: Dozat 2016, “Incorporating Nesterov Momentum into Adam”.
 */
export const nadam: UpdateRule<'nadam', 'firstMoment' | 'secondMoment' | 'momentumProduct'> = {
  initialSlots: () => ({ firstMoment: 0, secondMoment: 0, momentumProduct: 1 }),

  update(weight, gradient, slots, settings, step) {
    nadam.advance?.(settings, step, slots);
    const { firstMoment, secondMoment } = slots;
    const { form, learningRate, beta1, beta2, epsilon } = settings;
    const correction2 = 1 - beta2 ** step;
    const article = form === 'article';
    const [momentShare, gradientShare] = shares(settings, step, slots);
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const m = (firstMoment[i] = beta1 * firstMoment[i]! + (1 - beta1) * g);
      const v = (secondMoment[i] = beta2 * secondMoment[i]! + (1 - beta2) * g * g) / correction2;
      const direction = momentShare * m + gradientShare * g;
      weight[i]! -= (learningRate * direction) / (article ? Math.sqrt(v + epsilon) : Math.sqrt(v) + epsilon);
    }
  },

  advance(settings, step, { momentumProduct }) {
    momentumProduct[0]! *= muAt(settings, step);
  },

  pass: 'adapt',
  passSlots: ['firstMoment', 'secondMoment'],
  coefficients(settings, step, slots) {
    const { form, learningRate, beta1, beta2, epsilon } = settings;
    const [momentShare, gradientShare] = shares(settings, step, slots);
    return [
      ...[beta1, 1 - beta1, beta2, 1 - beta2, 1],
      ...[learningRate * momentShare, learningRate * gradientShare, 1 / (1 - beta2 ** step)],
      ...epsilonPlaces(form === 'article', epsilon),
    ];
  },
};

/** μₜ */
const muAt = ({ form, beta1 }: OptimizerSettings<'nadam'>, t: number): number =>
  beta1 * (1 - 0.5 * 0.96 ** ((form === 'pytorch' ? 0.004 : 1) * t));

/** What m and g count for in the step: the factors in the bracket above. */
function shares(settings: OptimizerSettings<'nadam'>, step: number, { momentumProduct }: NadamSlots): [number, number] {
  const { form, beta1 } = settings;
  if (form === 'article') return [beta1 / (1 - beta1 ** (step + 1)), (1 - beta1) / (1 - beta1 ** step)];
  const product = momentumProduct[0]!;
  const next = muAt(settings, step + 1);
  return [next / (1 - product * next), (1 - muAt(settings, step)) / (1 - product)];
}
