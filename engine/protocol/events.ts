import * as z from 'zod';
import { backendNames } from '../model/dataFields.ts';
import { predictionsEventSchema } from './predictions.ts';

/**
 * What a training says, as NDJSON on the command line, as lines of `metrics.jsonl` and as messages
 * to the panels. Every number is finite: a loss that stops being finite ends the run as `diverged`.
 */

const finite = z.number();
const step = z.int().min(0);

/** Loss and quality of one split, all over the whole split. */
export const splitMetricsSchema = z.strictObject({
  loss: finite,
  /** Share of rows whose class is predicted rightly; classification only, as are the next four. */
  accuracy: finite.optional(),
  /** Of class 1 where there are two, else the mean over the classes. */
  precision: finite.optional(),
  recall: finite.optional(),
  f1: finite.optional(),
  /** confusion[i][j] counts the rows of class i that are predicted as j; up to 100 classes. */
  confusion: z.array(z.array(z.int().min(0))).optional(),
  /** 1 − Σ(y−ŷ)² / Σ(y−ȳ)²; regression only. */
  r2: finite.optional(),
  /** Σ|y−ŷ| / count; regression only. */
  meanAbsoluteError: finite.optional(),
});
export type SplitMetrics = z.infer<typeof splitMetricsSchema>;

export const startEventSchema = z.strictObject({
  event: z.literal('start'),
  name: z.string(),
  seed: z.int(),
  backend: z.string(),
  /** Why this backend was taken. */
  backendReason: z.string(),
  device: z.string(),
  parameters: z.int(),
  rows: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  inputs: z.int(),
  outputs: z.int(),
  epochs: z.int(),
  totalSteps: z.int(),
  task: z.enum(['classification', 'regression']),
  runDirectory: z.string().optional(),
  /** Of the weights before the first step: two runs with one hash begin alike. */
  initialWeightsSha256: z.string().optional(),
  /** Of the numbers that are learned from, after normalization. */
  dataSha256: z.string().optional(),
  /** The step from which an earlier run goes on. */
  resumedFrom: step.optional(),
});

/**
 * Sent before the first step (step 0) and after every epoch. `trainLoss` and `trainAccuracy` are
 * the means over the epoch's batches, each before its update; at step 0 they are measured on the
 * whole split. Validation is measured on the whole split with the weights as they are now.
 */
export const metricsEventSchema = z.strictObject({
  event: z.literal('metrics'),
  step,
  epoch: z.number().min(0),
  trainLoss: finite,
  trainAccuracy: finite.optional(),
  validationLoss: finite.optional(),
  validationAccuracy: finite.optional(),
  r2: finite.optional(),
  learningRate: finite,
  samplesPerSecond: finite,
});

/** How numbers are spread: `counts` over equal bins from `min` to `max`. */
export const histogramSchema = z.strictObject({ min: finite, max: finite, counts: z.array(z.int().min(0)) });
export type Histogram = z.infer<typeof histogramSchema>;

/** A matrix, or the upper left corner of one that is too large to be drawn. */
export const matrixPictureSchema = z.strictObject({
  rows: z.int().min(0),
  columns: z.int().min(0),
  values: z.array(z.array(finite)),
});
export type MatrixPicture = z.infer<typeof matrixPictureSchema>;

/** Rows and columns that a picture of a matrix holds at most. */
export const largestPicture = 64;

/** Gradient statistics of one dense layer at one step. */
export const layerGradientSchema = z.strictObject({
  layerId: z.string(),
  /** ‖∂L/∂W‖₂ over all weights of the layer. */
  weightGradientNorm: finite,
  /** ‖∂L/∂b‖₂. */
  biasGradientNorm: finite,
  /** ‖W‖₂ before the update. */
  weightNorm: finite,
  /** ‖ΔW‖₂ / ‖W‖₂ of this step; 0 when the weights are all 0. */
  updateRatio: finite,
  /** ReLU: share of the nodes that answered 0 to every row of the batch. */
  deadShare: finite.optional(),
  /** Sigmoid and tanh: share of the answers at which the derivative is below 5 % of its largest. */
  saturatedShare: finite.optional(),
  /** Only for a viewer that draws them. */
  histograms: z
    .strictObject({ weights: histogramSchema, weightGradients: histogramSchema, activations: histogramSchema })
    .optional(),
  /** Only of the layer that is watched, and of all at the last step: it is not known who will look then. */
  matrices: z.strictObject({ weight: matrixPictureSchema, weightGradient: matrixPictureSchema }).optional(),
});
export type LayerGradient = z.infer<typeof layerGradientSchema>;

export const gradientsEventSchema = z.strictObject({
  event: z.literal('gradients'),
  step,
  epoch: z.number().min(0),
  layers: z.array(layerGradientSchema),
});

/** How much of a large data file has been read, at most ten times a second; comes before `start`. */
export const progressEventSchema = z.strictObject({
  event: z.literal('progress'),
  bytesRead: z.int().min(0),
  bytesTotal: z.int().min(0),
});

export const hyperparametersEventSchema = z.strictObject({
  event: z.literal('hyperparameters'),
  step,
  learningRate: finite,
});

/** A weight was set by hand, before the next step; a bias where no input is named. Nodes count from 0. */
export const weightEventSchema = z.strictObject({
  event: z.literal('weight'),
  step,
  layerId: z.string(),
  output: z.int().min(0),
  input: z.int().min(0).optional(),
  value: finite,
});

/** A checkpoint has been written, from which the run can go on exactly. */
export const checkpointEventSchema = z.strictObject({
  event: z.literal('checkpoint'),
  step,
  epoch: z.number().min(0),
  file: z.string(),
});

export const warningEventSchema = z.strictObject({
  event: z.literal('warning'),
  code: z.string(),
  message: z.string(),
  /** What computes from this step on, where that has changed. */
  computes: z.strictObject({ backend: z.enum(backendNames), device: z.string(), step }).optional(),
});

export const endReasons = ['completed', 'stopped', 'earlyStopped', 'diverged', 'failed'] as const;
export const endEventSchema = z.strictObject({
  event: z.literal('end'),
  reason: z.enum(endReasons),
  step,
  epoch: z.number().min(0),
  /** Measured with the last weights; a split without rows is left out. */
  metrics: z.partialRecord(z.enum(['train', 'validation', 'test']), splitMetricsSchema),
  /** What happened and what to do, when the run did not simply complete. */
  message: z.string().optional(),
});

export const trainingEventSchema = z.discriminatedUnion('event', [
  startEventSchema,
  metricsEventSchema,
  gradientsEventSchema,
  progressEventSchema,
  hyperparametersEventSchema,
  weightEventSchema,
  checkpointEventSchema,
  predictionsEventSchema,
  warningEventSchema,
  endEventSchema,
]);

export type StartEvent = z.infer<typeof startEventSchema>;
export type WarningEvent = z.infer<typeof warningEventSchema>;
export type ProgressEvent = z.infer<typeof progressEventSchema>;
export type MetricsEvent = z.infer<typeof metricsEventSchema>;
export type GradientsEvent = z.infer<typeof gradientsEventSchema>;
export type EndEvent = z.infer<typeof endEventSchema>;
export type EndReason = EndEvent['reason'];
export type TrainingEvent = z.infer<typeof trainingEventSchema>;
