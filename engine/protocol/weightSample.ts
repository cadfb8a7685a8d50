import * as z from 'zod';

/** Networks with more weights than this are not sampled: a picture of their way would cost more than it shows. */
export const mostSampledWeights = 1_000_000;

const numbers = z.custom<Float64Array>(
  value => value instanceof Float64Array && value.length <= mostSampledWeights && value.every(Number.isFinite),
);

/** All weights of a network at one instant, for whoever draws its way through weight space. */
export const weightSampleSchema = z.strictObject({
  step: z.int().min(0),
  /** Epochs done, with the share of the one at hand. */
  epoch: z.number().min(0),
  /** Every parameter, one after the other, in the order of the network. */
  weights: numbers,
  /** What batch norm has gathered. */
  statistics: numbers,
});
export type WeightSample = z.infer<typeof weightSampleSchema>;
