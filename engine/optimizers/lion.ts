import type { UpdateRule } from './updateRule.ts';

/**
 * Lion: only the sign of a moving average decides, so that every weight moves by the same amount.
 *
 *     c ← β₁m + (1−β₁)g      w ← w − α(sign(c) + λw)      m ← β₂m + (1−β₂)g
 *
 * All forms are the same. Source: Chen et al. 2023, “Symbolic Discovery of Optimization Algorithms”, Algorithm 2.
 */
export const lion: UpdateRule<'lion', 'firstMoment'> = {
  initialSlots: () => ({ firstMoment: 0 }),

  update(weight, gradient, { firstMoment }, { learningRate, beta1, beta2, weightDecay }) {
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      const m = firstMoment[i]!;
      const direction = Math.sign(beta1 * m + (1 - beta1) * g);
      weight[i]! -= learningRate * (direction + weightDecay * weight[i]!);
      firstMoment[i] = beta2 * m + (1 - beta2) * g;
    }
  },

  pass: 'followSign',
  passSlots: ['firstMoment'],
  coefficients: ({ learningRate, beta1, beta2, weightDecay }) => [
    ...[beta1, 1 - beta1, 1 - learningRate * weightDecay, learningRate],
    ...[beta2, 1 - beta2],
  ],
};
