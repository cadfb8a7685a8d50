import { epsilonPlaces, type UpdateRule } from './updateRule.ts';

/**
 * Adam: moving averages of the gradient and of its square, each corrected for starting at zero.
 *
 *     m ← β₁m + (1−β₁)g      v ← β₂v + (1−β₂)g²      m̂ = m/(1−β₁ᵗ)      v̂ = v/(1−β₂ᵗ)
 *     article:  w ← w − α m̂ / √(v̂ + ε)
 *     pytorch:  w ← w − α m̂ / (√v̂ + ε)
 *     keras:    w ← w − α √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε)
 *
 * `step` is t and counts from 1. Source: Kingma & Ba 2015, Algorithm 1; the article, “Adam”.
 */
export const adam: UpdateRule<'adam', 'firstMoment' | 'secondMoment'> = {
  initialSlots: () => ({ firstMoment: 0, secondMoment: 0 }),

  update(weight, gradient, { firstMoment, secondMoment }, { form, learningRate, beta1, beta2, epsilon }, step) {
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const m = (firstMoment[i] = beta1 * firstMoment[i]! + (1 - beta1) * g);
      const v = (secondMoment[i] = beta2 * secondMoment[i]! + (1 - beta2) * g * g);
      if (form === 'keras') {
        weight[i]! -= (learningRate * (Math.sqrt(correction2) / correction1) * m) / (Math.sqrt(v) + epsilon);
      } else {
        const vHat = v / correction2;
        weight[i]! -=
          (learningRate * (m / correction1)) /
          (form === 'article' ? Math.sqrt(vHat + epsilon) : Math.sqrt(vHat) + epsilon);
      }
    }
  },

  pass: 'adapt',
  passSlots: ['firstMoment', 'secondMoment'],
  coefficients({ form, learningRate, beta1, beta2, epsilon }, step) {
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    const keras = form === 'keras';
    const rate = (learningRate * (keras ? Math.sqrt(correction2) : 1)) / correction1;
    return [
      ...[beta1, 1 - beta1, beta2, 1 - beta2, 1, rate, 0, keras ? 1 : 1 / correction2],
      ...epsilonPlaces(form === 'article', epsilon),
    ];
  },
};
