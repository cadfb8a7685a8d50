import type { Schedule } from '../model/schema.ts';

/**
 * The learning rate of an epoch. e counts from 0, E is the number of epochs, α₀ the optimizer's rate.
 *
 *     step         α = α₀ · factor^⌊e / every⌋
 *     exponential  α = α₀ · factor^e
 *     cosine       α = minimum + (α₀ − minimum)(1 + cos(πe/E)) / 2
 *     warm-up      in the first `warmUp` epochs the above times (e + 1) / (warmUp + 1)
 *
 * Sources: PyTorch's StepLR, ExponentialLR and CosineAnnealingLR, stepped once an epoch; Loshchilov & Hutter 2017;
 * Goyal et al. 2017 for the warm-up.
 */
export function learningRateAt(schedule: Schedule | undefined, initial: number, epoch: number, epochs: number): number {
  if (!schedule) return initial;
  const { warmUp } = schedule;
  const ramp = epoch < warmUp ? (epoch + 1) / (warmUp + 1) : 1;
  switch (schedule.type) {
    case 'step':
      return ramp * initial * schedule.factor ** Math.floor(epoch / schedule.every);
    case 'exponential':
      return ramp * initial * schedule.factor ** epoch;
    case 'cosine':
      return (
        ramp * (schedule.minimum + ((initial - schedule.minimum) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2)
      );
  }
}
