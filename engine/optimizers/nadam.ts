import type { UpdateRule } from './updateRule.ts';

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

  update(weight, gradient, slots, { form, learningRate, beta1, beta2, epsilon }, step) {
    const { firstMoment, secondMoment, momentumProduct } = slots;
    const correction2 = 1 - beta2 ** step;
    const article = form === 'article';
    const psi = form === 'pytorch' ? 0.004 : 1;
    const mu = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (psi * t));
    const product = (momentumProduct[0] = momentumProduct[0]! * mu(step));
    const momentShare = article ? beta1 / (1 - beta1 ** (step + 1)) : mu(step + 1) / (1 - product * mu(step + 1));
    const gradientShare = article ? (1 - beta1) / (1 - beta1 ** step) : (1 - mu(step)) / (1 - product);
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const m = (firstMoment[i] = beta1 * firstMoment[i]! + (1 - beta1) * g);
      const v = (secondMoment[i] = beta2 * secondMoment[i]! + (1 - beta2) * g * g) / correction2;
      const direction = momentShare * m + gradientShare * g;
      weight[i]! -= (learningRate * direction) / (article ? Math.sqrt(v + epsilon) : Math.sqrt(v) + epsilon);
    }
  },
};
