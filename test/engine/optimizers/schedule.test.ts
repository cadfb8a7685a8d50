import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../engine/model/schema.ts';
import { clipGradients } from '../../../engine/optimizers/gradientClip.ts';
import { PlateauWatch } from '../../../engine/optimizers/plateau.ts';
import { learningRateAt } from '../../../engine/optimizers/schedule.ts';

const stepsPerEpoch = 3;
const rateAt = (schedule: Schedule | undefined, step: number, epochs: number, reductions = 0) =>
  learningRateAt(schedule, 0.1, { step, stepsPerEpoch, epochs, reductions });

describe('a learning-rate schedule', () => {
  // As PyTorch's StepLR(3, 0.1), ExponentialLR(0.5) and CosineAnnealingLR(10, 0.02) on 0.1, read before each epoch.
  it.each<[Schedule | undefined, number[], number[]]>([
    [undefined, [0, 5, 9], [0.1, 0.1, 0.1]],
    [{ type: 'constant', warmUp: 1 }, [0, 1, 2], [0.05, 0.1, 0.1]],
    [{ type: 'step', every: 3, factor: 0.1, warmUp: 0 }, [0, 2, 3, 5, 6, 9], [0.1, 0.1, 0.01, 0.01, 0.001, 0.0001]],
    [{ type: 'exponential', factor: 0.5, warmUp: 0 }, [0, 1, 2, 3], [0.1, 0.05, 0.025, 0.0125]],
    [
      { type: 'cosine', minimum: 0.02, warmUp: 0 },
      [0, 1, 5, 9, 10],
      [0.1, 0.09804226065180615, 0.06, 0.021957739348193862, 0.02],
    ],
    [{ type: 'exponential', factor: 0.999, warmUp: 4 }, [0, 3, 4], [0.02, 0.08 * 0.999 ** 3, 0.1 * 0.999 ** 4]],
  ])('%o gives the rates of its formula in every step of an epoch', (schedule, epochs, expected) => {
    epochs.forEach((epoch, i) => {
      for (let step = 0; step < stepsPerEpoch; step++)
        expect(rateAt(schedule, epoch * stepsPerEpoch + step, 10)).toBeCloseTo(expected[i] ?? NaN, 15);
    });
  });

  // As OneCycleLR(max_lr=0.1, total_steps=21, pct_start=1/3, div_factor=10, final_div_factor=100, cycle_momentum=False).
  it('oneCycle rises and falls from step to step as PyTorch does', () => {
    const schedule: Schedule = { type: 'oneCycle', rise: 1 / 3, startDivisor: 10, endDivisor: 100 };
    const expected = [
      0.009999999999999995, 0.016028856829700247, 0.0325, 0.055, 0.07749999999999999, 0.09397114317029975, 0.1,
      0.09874764921348209, 0.09505339495172584, 0.0891024825492781, 0.08119331560284375, 0.07172249276892204,
      0.06116492065111791, 0.050050000000000004, 0.0389350793488821, 0.028377507231077976, 0.018906684397156263,
      0.010997517450721911, 0.005046605048274169, 0.0013523507865179103, 0.0001,
    ];
    expected.forEach((rate, step) => expect(rateAt(schedule, step, 7)).toBeCloseTo(rate, 15));
    expect(rateAt(schedule, 30, 7)).toBe(rateAt(schedule, 20, 7));
  });

  // As ReduceLROnPlateau(factor=0.5, patience=1, min_lr=0.02) on the same losses.
  it('reduceOnPlateau lowers the rate when the loss stops falling', () => {
    const schedule: Schedule = {
      type: 'reduceOnPlateau',
      factor: 0.5,
      patience: 1,
      threshold: 1e-4,
      minimum: 0.02,
      warmUp: 0,
    };
    const watch = new PlateauWatch(schedule);
    const rates = [1, 0.9, 0.9, 0.89999, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86].map((loss, epoch) => {
      const rate = rateAt(schedule, epoch * stepsPerEpoch, 12, watch.reductions);
      watch.observe(loss);
      return rate;
    });
    expect(rates).toEqual([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.02, 0.02]);
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
