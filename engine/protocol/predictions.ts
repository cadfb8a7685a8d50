import * as z from 'zod';

/** What the network says by now, for a viewer to draw: never recorded, only sent when the last one has been drawn. */

const finite = z.number();
const index = z.int().min(0);

/** Answers over the plane that the data lie in, row by row from yMin up, in the units of the data. */
export const boundarySchema = z.strictObject({
  /** What x and y are called. */
  axes: z.tuple([z.string(), z.string()]),
  xMin: finite,
  xMax: finite,
  yMin: finite,
  yMax: finite,
  columns: z.int().min(1),
  rows: z.int().min(1),
  /** The winning class of each cell; empty for a regression. */
  classes: z.array(index),
  /** Two classes: the probability of class 1. More: that of the winning class. Regression: the predicted number. */
  values: z.array(finite),
});
export type Boundary = z.infer<typeof boundarySchema>;

export const predictionsEventSchema = z.strictObject({
  event: z.literal('predictions'),
  step: index,
  epoch: z.number().min(0),
  /** The rows that the rest is about. */
  split: z.enum(['train', 'validation']),
  classNames: z.array(z.string()),
  featureNames: z.array(z.string()),
  boundary: boundarySchema.optional(),
  /** Rows of the data over the boundary: at most 600. */
  points: z
    .array(z.strictObject({ x: finite, y: finite, value: finite, split: z.enum(['train', 'validation']) }))
    .optional(),
  /** confusion[i][j] counts rows of class i that are predicted as j. */
  confusion: z.array(z.array(index)).optional(),
  /** Regression: true and predicted numbers of at most 500 rows. */
  fit: z.array(z.strictObject({ actual: finite, predicted: finite })).optional(),
  /** Rows that are predicted wrongly, the surest mistakes first: at most 24. */
  mistakes: z
    .array(
      z.strictObject({
        row: index,
        actual: index,
        predicted: index,
        probability: finite,
        /** In the units of the data; at most 1024. */
        features: z.array(finite),
      }),
    )
    .optional(),
});
export type PredictionsEvent = z.infer<typeof predictionsEventSchema>;
