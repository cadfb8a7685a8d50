import * as z from 'zod';
import { backendNames } from '../model/dataFields.ts';
import { trainingEventSchema, type TrainingEvent } from './events.ts';
import type { MethodSchemas } from './channel.ts';
import { networkSampleSchema, type NetworkSample } from './networkSample.ts';
import type { Devices } from './devices.ts';
import { weightSampleSchema, type WeightSample } from './weightSample.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { StepExplanation } from './explanation.ts';

/** Host → training process. A model travels as its text: the process parses it as the host did. */
export const modelSourceSchema = z.strictObject({
  /** The file the text belongs to; data paths are relative to its folder. */
  path: z.string(),
  text: z.string(),
});
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** The most threads of the backend; one for each core without it. The numbers do not depend on it. */
const threadsSchema = z.int().min(1).optional();

/** The run is one of several side by side: it computes on the CPU, whatever the model asks for. */
const cpuOnlySchema = z.boolean().optional();

/** A weight, or a bias, that is set by hand. */
export const weightChangeSchema = z.strictObject({
  /** The full name of a dense layer, blocks included. */
  layerId: z.string(),
  /** The node it leads to, from 0, … */
  output: z.int().min(0),
  /** … and the one it comes from; without it the bias. */
  input: z.int().min(0).optional(),
  value: z.number(),
});
export type WeightChange = z.infer<typeof weightChangeSchema>;

export const startRequestSchema = z.strictObject({
  source: modelSourceSchema,
  /** Where run folders go; none is kept without it. */
  runsDirectory: z.string().optional(),
  /** The folder of this very run, instead of a new one under `runsDirectory`. */
  runDirectory: z.string().optional(),
  /** What computes a model that leaves it open. */
  preferredBackend: z.enum(backendNames).optional(),
  threads: threadsSchema,
  cpuOnly: cpuOnlySchema,
  /** Stands still after the first step, to go on step by step. */
  paused: z.boolean().optional(),
  /** Set before the first step; one that is paused then stands still before it. */
  weights: z.array(weightChangeSchema).optional(),
});
export type StartRequest = z.infer<typeof startRequestSchema>;

export const forkRequestSchema = z.strictObject({
  /** The model with what shall be different. */
  source: modelSourceSchema,
  /** The folder of the run to branch off from, … */
  folder: z.string(),
  /** … at this checkpoint; the newest without it. */
  step: z.int().min(0).optional(),
  runsDirectory: z.string(),
  /** Stands still after the first step. */
  paused: z.boolean().optional(),
  /** Set before the next step; a branch that is paused then stands still before it, and one of a run at its end has as many epochs again. */
  weights: z.array(weightChangeSchema).optional(),
});
export type ForkRequest = z.infer<typeof forkRequestSchema>;

export const resumeRequestSchema = z.strictObject({
  /** The folder of the run. */
  folder: z.string(),
  /** Where its model file is now, when it has been moved. */
  modelPath: z.string().optional(),
  /** The user knows that the data have changed since. */
  acceptChangedData: z.boolean().optional(),
  threads: threadsSchema,
  cpuOnly: cpuOnlySchema,
});
export type ResumeRequest = z.infer<typeof resumeRequestSchema>;

export const hyperparameterChangeSchema = z.strictObject({ learningRate: z.number().positive() });
export type HyperparameterChange = z.infer<typeof hyperparameterChangeSchema>;

/** Which step to explain. */
export const explainRequestSchema = z.strictObject({
  source: modelSourceSchema,
  /** The folder of a run whose latest weights, and optimizer's memory, the step starts from; without it drawn ones. */
  run: z.string().optional(),
  /** One training row, counted from 0 in the order of the training rows; without it the next batch. */
  sample: z.int().min(0).optional(),
});
export type ExplainRequest = z.infer<typeof explainRequestSchema>;

/** What the data of a model hold, for the designer to draw. */
export interface DataDescription {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  /** Rows left out because a value is missing. */
  readonly droppedRows: number;
  /** Missing values that were filled in. */
  readonly filledCells: number;
  /** Names of all columns of a table, in its order; empty for a generator. */
  readonly columns: readonly string[];
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** Class names in the order of the outputs; empty for regression. */
  readonly classes: readonly string[];
  /** Rows of each class, all parts together. */
  readonly balance: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  /** At most 400 training rows of the first two inputs with their class or value, for a small picture. */
  readonly preview: readonly { readonly x: number; readonly y: number; readonly value: number }[];
  /** The training rows of each input before they are normalized; of the first inputs where there are many. */
  readonly statistics: readonly InputStatistics[];
  /** The first rows of a table, as they stand in the file, of the first columns where there are many. */
  readonly firstRows: readonly (readonly string[])[];
}

export interface InputStatistics {
  readonly name: string;
  readonly minimum: number;
  readonly mean: number;
  readonly maximum: number;
}

export const tableSourceSchema = z.strictObject({
  path: z.string(),
  /** What kind of file it is. */
  kind: z.enum(['csv', 'idx', 'npy']),
});
export type TableSource = z.infer<typeof tableSourceSchema>;

/** What a table or an array holds, before anything is known of what shall be learned from it. */
export interface TableDescription {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** How many different values it has, counted up to 101. */
  readonly distinct: number;
  /** All its numbers are whole. */
  readonly whole: boolean;
  /** A few of its values, in the order they come. */
  readonly examples: readonly string[];
}

/** Each call gets exactly one answer: its result or an EngineError. */
export interface TrainerCalls {
  describeData(source: ModelSource): Promise<DataDescription>;
  describeTable(source: TableSource): Promise<TableDescription>;
  /** One pass on real data before the training: what will go wrong, and how large a step may be. */
  diagnose(source: ModelSource): Promise<Diagnosis>;
  /** The next step, operation by operation. */
  explainStep(request: ExplainRequest): Promise<StepExplanation>;
  /** What can compute here, what was tried, and why it lost. */
  describeDevices(): Promise<Devices>;
  /** Answers as soon as the run is known to be possible; the rest comes as events. */
  start(request: StartRequest): Promise<void>;
  /** Goes on exactly where an earlier run stopped or was cut off; what it has recorded comes first, as events. */
  resumeRun(request: ResumeRequest): Promise<void>;
  /** Branches off from another run with identical weights, optimizer and random state. */
  forkRun(request: ForkRequest): Promise<void>;
  pause(): Promise<{ step: number }>;
  /** Does one step of a paused run. */
  step(): Promise<{ step: number }>;
  resume(): Promise<void>;
  stop(): Promise<{ step: number }>;
  setHyperparameters(change: HyperparameterChange): Promise<{ fromStep: number }>;
  /** Sets one weight between two steps. Rejects with `invalid-weights` where the network has no such one. */
  setWeight(change: WeightChange): Promise<{ fromStep: number }>;
  /** Says that the last gradient sample has been drawn; the next one may come. */
  acknowledgeGradients(): Promise<void>;
  /** The same for predictions. */
  acknowledgePredictions(): Promise<void>;
  /** Asks for one look at the network; it comes as `network`. */
  requestNetwork(): Promise<void>;
  /** Asks for all weights as they are now, or at the beginning of the next run; they come as `weights`, once more by themselves at the end of that run. */
  requestWeights(): Promise<void>;
  /** Samples bring the matrices of this layer from now on; of none for ''. */
  watchLayer(layerId: string): Promise<void>;
}

/** Training process → host. */
export interface TrainerEvents {
  /** Events in their order; several travel together at most 30 times a second. */
  events(batch: readonly TrainingEvent[]): void;
  /** What the drawn nodes hold: once for each request, and once more at the end. */
  network(sample: NetworkSample): void;
  /** All weights: once for each request, and once more at the end of a run that was asked for them. */
  weights(sample: WeightSample): void;
  /** Comes every second while the process is well. */
  heartbeat(): void;
}

export const trainerCallSchemas: MethodSchemas<TrainerCalls> = {
  describeData: z.tuple([modelSourceSchema]),
  describeTable: z.tuple([tableSourceSchema]),
  diagnose: z.tuple([modelSourceSchema]),
  explainStep: z.tuple([explainRequestSchema]),
  describeDevices: z.tuple([]),
  start: z.tuple([startRequestSchema]),
  resumeRun: z.tuple([resumeRequestSchema]),
  forkRun: z.tuple([forkRequestSchema]),
  pause: z.tuple([]),
  step: z.tuple([]),
  resume: z.tuple([]),
  stop: z.tuple([]),
  setHyperparameters: z.tuple([hyperparameterChangeSchema]),
  setWeight: z.tuple([weightChangeSchema]),
  acknowledgeGradients: z.tuple([]),
  acknowledgePredictions: z.tuple([]),
  requestNetwork: z.tuple([]),
  requestWeights: z.tuple([]),
  watchLayer: z.tuple([z.string()]),
};

export const trainerEventSchemas: MethodSchemas<TrainerEvents> = {
  events: z.tuple([z.array(trainingEventSchema).readonly()]),
  network: z.tuple([networkSampleSchema]),
  weights: z.tuple([weightSampleSchema]),
  heartbeat: z.tuple([]),
};
