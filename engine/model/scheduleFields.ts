import { count, fraction, nonNegative, type FieldTable } from './fields.ts';

const warmUp = count(0, 0, 1_000_000, 'Epochs over which the learning rate rises to its full size first.');

/**
 * How the learning rate goes on from the optimizer's: α₀ is that rate, e the epoch from 0, E all epochs.
 */
export const scheduleFields = {
  step: {
    every: count(30, 1, 1_000_000, 'Epochs between two drops.'),
    factor: fraction(0.1, 'What each drop leaves of the learning rate.'),
    warmUp,
  },
  exponential: { factor: fraction(0.97, 'What each epoch leaves of the learning rate.'), warmUp },
  cosine: { minimum: nonNegative(0, 'The learning rate at the very end.', { max: 1000, logarithmic: true }), warmUp },
} as const satisfies Record<string, FieldTable>;

export type ScheduleType = keyof typeof scheduleFields;
export const scheduleTypes = Object.keys(scheduleFields) as readonly ScheduleType[];

export const earlyStoppingFields = {
  patience: count(20, 1, 1_000_000, 'Epochs without a better loss after which the run ends.'),
  minimumImprovement: nonNegative(0, 'How much lower a loss must be to count as better.'),
} as const satisfies FieldTable;
