import type { UpdateRule } from './updateRule.ts';

/**
 * Gradient descent: a step against the gradient.
 *
 *     w ← w − αg
 *
 * Over all rows it is plain gradient descent, over one random row stochastic, over some minibatch:
 * `training.batchSize` tells them apart. All forms agree. Source: the article, “Gradient descent”.
 */
export const sgd: UpdateRule<'sgd', never> = {
  initialSlots: () => ({}),

  update(weight, gradient, _slots, { learningRate }) {
    for (let i = 0; i < weight.length; i++) weight[i]! -= learningRate * gradient[i]!;
  },

  pass: 'descend',
  passSlots: [],
  coefficients: ({ learningRate }) => [learningRate],
};
