import * as z from 'zod';
import { optimizerUnion } from '../model/schema.ts';
import type { MethodSchemas } from './channel.ts';
import type { DeviceReport } from './devices.ts';
import { layerGradientSchema } from './events.ts';

/** Numbers that may be none: they travel in typed arrays, because a message to a view is JSON, which knows no NaN. */
const float32 = z.custom<Float32Array>(value => value instanceof Float32Array, 'no float32');
const float64 = z.custom<Float64Array>(value => value instanceof Float64Array, 'no float64');
const rowList = z.custom<Int32Array>(value => value instanceof Int32Array, 'no list of rows');

const matrixSchema = z.strictObject({ rows: z.int().min(0), columns: z.int().min(1), values: float32 });
export type SentMatrix = z.infer<typeof matrixSchema>;

const tensorSchema = z.strictObject({
  name: z.string(),
  shape: z.array(z.int().min(0)).readonly(),
  values: float32.or(float64),
});
export type SentTensor = z.infer<typeof tensorSchema>;

const stateSchema = z.strictObject({
  /** Weights, running statistics and slots. */
  tensors: z.array(tensorSchema).readonly(),
  /** The randomness of the dropout to come. */
  dropout: z.strictObject({ generator: z.array(z.int()).readonly(), spare: z.number().optional() }),
});
export type SentState = z.infer<typeof stateSchema>;

const problemSchema = z.strictObject({
  /** The way to the device that has passed. */
  rung: z.string(),
  /** The model, parsed there as it was here. */
  text: z.string(),
  features: matrixSchema,
  targets: matrixSchema,
  /** The most rows of any batch, and of a step. */
  capacity: z.int().min(1),
  largestBatch: z.int().min(1),
});
export type SentProblem = z.infer<typeof problemSchema>;

const stepSchema = z.strictObject({ rows: rowList, settings: optimizerUnion, step: z.int().min(1) });
export type SentStep = z.infer<typeof stepSchema>;

/** What steps gave: loss and loss with penalties of each, and its output. */
export const resultsSchema = z.strictObject({
  losses: float64,
  totals: float64,
  outputs: z.array(matrixSchema).readonly(),
});
export type SentResults = z.infer<typeof resultsSchema>;

const wishesSchema = z.strictObject({ histograms: z.boolean(), matrices: z.array(z.string()).readonly() });
export type SentWishes = z.infer<typeof wishesSchema>;

/** A step and what its gradients are like, or the name of one that is not finite. */
export const probedSchema = z.strictObject({
  results: resultsSchema,
  layers: z.array(layerGradientSchema).readonly(),
  fault: z.string().optional(),
});
export type SentProbed = z.infer<typeof probedSchema>;

export const savedSchema = stateSchema.extend({
  /** Gradients of the last step, and the outputs of every dense layer. */
  lastStep: z
    .strictObject({ gradients: z.array(tensorSchema).readonly(), outputs: z.array(float32.or(float64)).readonly() })
    .optional(),
});
export type SentSaved = z.infer<typeof savedSchema>;

export const readySchema = z.strictObject({ window: z.int().min(1) });

/**
 * Trainer → a device that is not in its process: through the host to a view of the editor, and to the view's worker. One training at a
 * time. Every call rejects with EngineError `device-lost` once the device is gone.
 */
export interface DeviceCalls {
  /** What can compute there. Only where a software device would do is it looked for again after none but these was found. */
  findDevices(software: boolean): Promise<readonly DeviceReport[]>;
  /** Makes a device ready, in place of the one before. */
  prepareDevice(problem: SentProblem): Promise<z.infer<typeof readySchema>>;
  loadDevice(state: SentState): Promise<void>;
  runDevice(steps: readonly SentStep[]): Promise<SentResults>;
  /** Does one step and looks at its gradients there. */
  probeDevice(step: SentStep, wishes: SentWishes): Promise<SentProbed>;
  evaluateDevice(rows: Int32Array): Promise<SentResults>;
  saveDevice(lastStep: boolean): Promise<SentSaved>;
  closeDevice(): Promise<void>;
  /** Nothing here is needed any more. */
  leaveDevices(): Promise<void>;
}

export const deviceCallSchemas: MethodSchemas<DeviceCalls> = {
  findDevices: z.tuple([z.boolean()]),
  prepareDevice: z.tuple([problemSchema]),
  loadDevice: z.tuple([stateSchema]),
  runDevice: z.tuple([z.array(stepSchema).readonly()]),
  probeDevice: z.tuple([stepSchema, wishesSchema]),
  evaluateDevice: z.tuple([rowList]),
  saveDevice: z.tuple([z.boolean()]),
  closeDevice: z.tuple([]),
  leaveDevices: z.tuple([]),
};
