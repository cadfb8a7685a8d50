import { count, fraction, nonNegative, positive, type FieldTable } from './fields.ts';

const warmUp = count(0, 0, 1_000_000, 'Epochs over which the learning rate rises to its full size first.');
const minimum = nonNegative(0, 'The learning rate never falls below this.', { max: 1000, logarithmic: true });

/** How the learning rate goes on from the optimizer's; the formulas stand in engine/optimizers/schedule.ts. */
export const scheduleFields = {
  constant: { warmUp },
  step: {
    every: count(30, 1, 1_000_000, 'Epochs between two drops.'),
    factor: fraction(0.1, 'What each drop leaves of the learning rate.'),
    warmUp,
  },
  exponential: { factor: fraction(0.97, 'What each epoch leaves of the learning rate.'), warmUp },
  cosine: { minimum: nonNegative(0, 'The learning rate at the very end.', { max: 1000, logarithmic: true }), warmUp },
  oneCycle: {
    rise: fraction(0.3, 'Share of all steps in which the learning rate rises to its full size.'),
    startDivisor: positive(25, 'The first step has the learning rate divided by this.'),
    endDivisor: positive(1e4, 'The last step has the first learning rate divided by this.', { max: 1e9 }),
  },
  reduceOnPlateau: {
    factor: fraction(0.1, 'What each drop leaves of the learning rate.'),
    patience: count(10, 0, 1_000_000, 'Epochs without a better validation loss that are waited for.'),
    threshold: nonNegative(1e-4, 'Share of the best loss by which another must be lower to count as better.', {
      max: 1,
    }),
    minimum,
    warmUp,
  },
} as const satisfies Record<string, FieldTable>;

export type ScheduleType = keyof typeof scheduleFields;
export const scheduleTypes = Object.keys(scheduleFields) as readonly ScheduleType[];

export const earlyStoppingFields = {
  patience: count(20, 1, 1_000_000, 'Epochs without a better loss after which the run ends.'),
  minimumImprovement: nonNegative(0, 'How much lower a loss must be to count as better.'),
} as const satisfies FieldTable;
