import { epsilonPlaces, type UpdateRule } from './updateRule.ts';

/**
 * AdaGrad: each weight's step shrinks with the squared gradients it has seen.
 *
 *     v ← v + g²        article, keras:  w ← w − αg / √(v + ε)        pytorch:  w ← w − αg / (√v + ε)
 *
 * v starts at `initialAccumulator`: 0, and 0.1 in Keras's form.
 * Source: Duchi, Hazan & Singer 2011; the article, “AdaGrad”.
 */
export const adagrad: UpdateRule<'adagrad', 'accumulator'> = {
  initialSlots: ({ initialAccumulator }) => ({ accumulator: initialAccumulator }),

  update(weight, gradient, { accumulator }, { form, learningRate, epsilon }) {
    const outside = form === 'pytorch';
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const v = (accumulator[i] = accumulator[i]! + g * g);
      weight[i]! -= (learningRate * g) / (outside ? Math.sqrt(v) + epsilon : Math.sqrt(v + epsilon));
    }
  },

  pass: 'scale',
  passSlots: ['accumulator'],
  coefficients: ({ form, learningRate, epsilon }) => [
    1,
    1,
    learningRate,
    ...epsilonPlaces(form !== 'pytorch', epsilon),
  ],
};
