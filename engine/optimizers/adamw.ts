import { adam } from './adam.ts';
import type { UpdateRule } from './updateRule.ts';

/**
 * AdamW: Adam, and beside it a decay of the weights that the moments never see.
 *
 *     w ← w − αλw, then Adam's step in the same form
 *
 * L2 in the loss would be divided by √v̂ like every gradient; this decay is not. Source: Loshchilov & Hutter 2019, Algorithm 2.
 */
export const adamw: UpdateRule<'adamw', 'firstMoment' | 'secondMoment'> = {
  initialSlots: () => ({ firstMoment: 0, secondMoment: 0 }),

  update(weight, gradient, slots, settings, step) {
    const kept = 1 - settings.learningRate * settings.weightDecay;
    for (let i = 0; i < weight.length; i++) weight[i]! *= kept;
    adam.update(weight, gradient, slots, { ...settings, type: 'adam' }, step);
  },

  pass: 'adapt',
  passSlots: ['firstMoment', 'secondMoment'],
  coefficients(settings, step, slots) {
    const kept = 1 - settings.learningRate * settings.weightDecay;
    return adam.coefficients({ ...settings, type: 'adam' }, step, slots).with(4, kept);
  },
};
