import type { GradientClip } from '../model/schema.ts';
import type { MutableNumbers } from './updateRule.ts';

/** Keeps the division finite, as PyTorch does it. */
const epsilon = 1e-6;

/**
 * Gradients that cannot grow beyond a limit; the originals stay as they are.
 *
 *     value:  g ← max(−limit, min(limit, g))
 *     norm:   g ← g · min(1, limit / (‖g‖₂ + 1e-6)), ‖g‖₂ over all parameters together
 *
 * Source: Pascanu, Mikolov & Bengio 2013, Algorithm 1; with PyTorch's ε.
 */
export function clipGradients(
  gradients: readonly MutableNumbers[],
  { by, limit }: GradientClip,
): readonly MutableNumbers[] {
  if (by === 'value') return gradients.map(gradient => gradient.map(g => Math.max(-limit, Math.min(limit, g))));
  let sum = 0;
  for (const gradient of gradients) for (const g of gradient) sum += g * g;
  const share = Math.min(1, limit / (Math.sqrt(sum) + epsilon));
  return share === 1 ? gradients : gradients.map(gradient => gradient.map(g => g * share));
}
