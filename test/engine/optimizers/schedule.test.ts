import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../engine/model/schema.ts';
import { clipGradients } from '../../../engine/optimizers/gradientClip.ts';
import { learningRateAt } from '../../../engine/optimizers/schedule.ts';

const rates = (schedule: Schedule | undefined, epochs: readonly number[]) =>
  epochs.map(epoch => learningRateAt(schedule, 0.1, epoch, 10));

describe('a learning-rate schedule', () => {
  // As PyTorch's StepLR(3, 0.1), ExponentialLR(0.5) and CosineAnnealingLR(10, 0.02) on 0.1, read before each epoch.
  it.each<[Schedule | undefined, number[], number[]]>([
    [undefined, [0, 5, 9], [0.1, 0.1, 0.1]],
    [{ type: 'step', every: 3, factor: 0.1, warmUp: 0 }, [0, 2, 3, 5, 6, 9], [0.1, 0.1, 0.01, 0.01, 0.001, 0.0001]],
    [{ type: 'exponential', factor: 0.5, warmUp: 0 }, [0, 1, 2, 3], [0.1, 0.05, 0.025, 0.0125]],
    [
      { type: 'cosine', minimum: 0.02, warmUp: 0 },
      [0, 1, 5, 9, 10],
      [0.1, 0.09804226065180615, 0.06, 0.021957739348193862, 0.02],
    ],
    [{ type: 'exponential', factor: 0.999, warmUp: 4 }, [0, 3, 4], [0.02, 0.08 * 0.999 ** 3, 0.1 * 0.999 ** 4]],
  ])('%o gives the rates of its formula', (schedule, epochs, expected) => {
    rates(schedule, epochs).forEach((rate, i) => expect(rate).toBeCloseTo(expected[i] ?? NaN, 15));
  });
});

describe('a gradient clip', () => {
  const gradients = [Float64Array.from([3, 0]), Float64Array.from([-4])];

  it('by norm keeps the direction and leaves small gradients alone', () => {
    const [a, b] = clipGradients(gradients, { by: 'norm', limit: 1 });
    expect([...(a ?? []), ...(b ?? [])].map(g => Math.round(g * 1e5) / 1e5)).toEqual([0.6, 0, -0.8]);
    expect(clipGradients(gradients, { by: 'norm', limit: 6 })).toBe(gradients);
  });

  it('by value cuts each by itself, and never changes what it was given', () => {
    expect(clipGradients(gradients, { by: 'value', limit: 2 }).map(clipped => [...clipped])).toEqual([[2, 0], [-2]]);
    expect(gradients.map(gradient => [...gradient])).toEqual([[3, 0], [-4]]);
  });
});
