import type { Model } from '../schema.ts';

/**
 * The learning-rate range test that makes a comparison fair: each contestant trains anew with every
 * rate of one grid, for the same few epochs, with the same data and initial weights. It takes the
 * rate whose training loss is lowest at the end; of equal ones the smaller. Rates that diverge are
 * out. The training loss decides, so that the validation rows stay unseen until the race.
 *
 *     rates: 1, 2, 5 times each power of ten from 10⁻⁴ to 10⁰      epochs: ⌈E/5⌉, at least 5, at most 20 and E
 *
 * Source: Goodfellow, Bengio & Courville 2016, 11.4.3 (logarithmic grid), Smith 2017 (range test).
 */
export const candidateRates: readonly number[] = [1e-4, 1e-3, 1e-2, 1e-1, 1].flatMap(power =>
  [1, 2, 5].map(factor => Number((factor * power).toPrecision(1))),
);

export const tuningEpochs = ({ training: { epochs } }: Model): number =>
  Math.min(epochs, Math.max(5, Math.min(20, Math.ceil(epochs / 5))));

/** What became of one rate; without a loss when it diverged. */
export interface RateTrial {
  readonly learningRate: number;
  readonly loss?: number | undefined;
}

/** The chosen rate; undefined when every one diverged. */
export function bestRate(trials: readonly RateTrial[]): number | undefined {
  let best: RateTrial | undefined;
  for (const trial of trials.toSorted((a, b) => a.learningRate - b.learningRate))
    if (trial.loss !== undefined && (best?.loss === undefined || trial.loss < best.loss)) best = trial;
  return best?.learningRate;
}
