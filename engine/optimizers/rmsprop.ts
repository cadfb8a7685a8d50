import { epsilonPlaces, type UpdateRule } from './updateRule.ts';

/**
 * RMSProp: AdaGrad with a memory that fades, so that the steps do not die.
 *
 *     v ← βv + (1−β)g²        article, keras:  w ← w − αg / √(v + ε)        pytorch:  w ← w − αg / (√v + ε)
 *
 * Source: Hinton 2012, lecture 6e; the article, “RMSProp”.
 */
export const rmsprop: UpdateRule<'rmsprop', 'secondMoment'> = {
  initialSlots: () => ({ secondMoment: 0 }),

  update(weight, gradient, { secondMoment }, { form, learningRate, decayRate, epsilon }) {
    const outside = form === 'pytorch';
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const v = (secondMoment[i] = decayRate * secondMoment[i]! + (1 - decayRate) * g * g);
      weight[i]! -= (learningRate * g) / (outside ? Math.sqrt(v) + epsilon : Math.sqrt(v + epsilon));
    }
  },

  pass: 'scale',
  passSlots: ['secondMoment'],
  coefficients: ({ form, learningRate, decayRate, epsilon }) => [
    ...[decayRate, 1 - decayRate, learningRate],
    ...epsilonPlaces(form !== 'pytorch', epsilon),
  ],
};
