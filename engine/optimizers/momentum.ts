import type { UpdateRule } from './updateRule.ts';

/**
 * Momentum: the step keeps a share of the step before it.
 *
 *     article, keras:  m ← μm − αg      w ← w + m            nesterov:  w ← w + μm − αg
 *     pytorch:         m ← μm + g       w ← w − αm           nesterov:  w ← w − α(g + μm)
 *
 * Both agree while α stands still; after a live change of α they part, since PyTorch scales the
 * whole velocity by the new α. The step uses the new m. Source: Polyak 1964; Nesterov 1983 in the
 * form of Sutskever et al. 2013; the article, “Momentum”.
 */
export const momentum: UpdateRule<'momentum', 'velocity'> = {
  initialSlots: () => ({ velocity: 0 }),

  update(weight, gradient, { velocity }, { form, learningRate, momentum: mu, nesterov }) {
    const scaledLater = form === 'pytorch';
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i]!;
      if (scaledLater) {
        const m = (velocity[i] = mu * velocity[i]! + g);
        weight[i]! -= learningRate * (nesterov ? g + mu * m : m);
      } else {
        const m = (velocity[i] = mu * velocity[i]! - learningRate * g);
        weight[i]! += nesterov ? mu * m - learningRate * g : m;
      }
    }
  },

  pass: 'roll',
  passSlots: ['velocity'],
  coefficients({ form, learningRate, momentum: mu, nesterov }) {
    if (form === 'pytorch') return [mu, 1, -learningRate * (nesterov ? mu : 1), nesterov ? -learningRate : 0];
    return [mu, -learningRate, nesterov ? mu : 1, nesterov ? -learningRate : 0];
  },
};
