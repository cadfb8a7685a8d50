import * as z from 'zod';
import { modelEditSchema, type ModelEdit } from '../model/edits.ts';
import type { Issue } from '../model/issues.ts';
import type { ModelChanges } from '../model/modelChanges.ts';
import type { Model } from '../model/schema.ts';
import type { MethodSchemas } from './channel.ts';
import type { Stability } from './diagnosis.ts';
import {
  gradientsEventSchema,
  metricsEventSchema,
  trainingEventSchema,
  type GradientsEvent,
  type MetricsEvent,
  type TrainingEvent,
} from './events.ts';
import {
  exploreRequestSchema,
  gridRequestSchema,
  noiseRequestSchema,
  raceRequestSchema,
  type ExploreEvent,
  type GridRequest,
  type NoiseMeasurement,
  type NoiseRequest,
  type RaceRequest,
  type RaceTrack,
  type SurfaceGrid,
} from './lab.ts';
import type { StepExplanation } from './explanation.ts';
import { predictionsEventSchema, type PredictionsEvent } from './predictions.ts';
import { networkSampleSchema, type NetworkSample } from './networkSample.ts';
import { weightChangeSchema, type DataDescription, type WeightChange } from './trainer.ts';

/** Host ↔ webviews. The host keeps the truth; a view draws what it is told and asks for changes. */

/** What the designer draws. */
export interface DesignerState {
  readonly fileName: string;
  /** The last model that could be drawn; `stale` when the text now is none. */
  readonly model: Model | undefined;
  readonly stale: boolean;
  readonly issues: readonly Issue[];
  readonly data: DataDescription | undefined;
  /** Why the data could not be read. */
  readonly dataError: string | undefined;
  /** Reading and training are allowed (a trusted workspace). */
  readonly trusted: boolean;
  readonly readOnly: boolean;
  /** In a comparison of two versions: how this one differs from the other. */
  readonly changes: ModelChanges | undefined;
  /** How large the learning rate may be, where that is known. */
  readonly stability: Stability | undefined;
}

/** Where a training of the designer's model stands. */
export interface RunProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly validationLoss: number | undefined;
}

export const runStates = ['idle', 'starting', 'running', 'paused', 'stopping'] as const;
export type RunState = (typeof runStates)[number];

/** Commands about a model that the designer's toolbar gives, by their names in the command palette. */
export const designerCommands = [
  'train',
  'stopTraining',
  'pauseTraining',
  'resumeTraining',
  'stepTraining',
  'compareOptimizers',
  'sweep',
  'openOptimizerLab',
  'explainStep',
  'openTrainingPanel',
  'gradients.focus',
  'runs.resume',
  'runs.fork',
] as const;
export type DesignerCommand = (typeof designerCommands)[number];

/** Kinds of data that are chosen as files. */
export const fileKinds = ['csv', 'idx', 'npy'] as const;
export type FileKind = (typeof fileKinds)[number];

/** Which weights a sample shows: those of a training, or those that a training would start from. */
export const sampleOrigins = ['run', 'first'] as const;
export type SampleOrigin = (typeof sampleOrigins)[number];

export interface HostToDesigner {
  show(state: DesignerState): void;
  /**
   * Whether this model is training now, and how far it has come; its last training once it has ended, whether that
   * can go on, and whether the weights it left, which are drawn, are kept.
   */
  runState(state: RunState, progress: RunProgress | null, resumable: boolean, kept: boolean): void;
  /** What the drawn nodes hold: of the network in training or trained last, or of one that has not been trained yet. */
  network(sample: NetworkSample, origin: SampleOrigin): void;
  /** Selects a layer, as a problem or another view asks. */
  reveal(layerId: string): void;
}

export interface DesignerToHost {
  ready(): void;
  edit(edit: ModelEdit): void;
  run(command: DesignerCommand): void;
  /** Goes on with the last training of this model. */
  resumeRun(): void;
  /** Stops the training of this model and begins it anew. */
  restart(): void;
  /**
   * Sets a weight of the training at hand. Where none runs, one begins with it and stands still: a branch of the last one, from the weights it
   * has left, or one from first weights.
   */
  setWeight(change: WeightChange, from: SampleOrigin): void;
  openAsText(offset?: number): void;
  /** The last network sample has been drawn; the next one may come. */
  acknowledgeNetwork(): void;
  /** Lets the user choose the files of a kind of data, and what to predict where that is not clear. */
  chooseData(kind: FileKind): void;
  /** A table dropped on the designer: a file of this machine by its address, … */
  dropTable(uri: string): void;
  /** … or, from elsewhere, its content. */
  dropTableText(name: string, text: string): void;
  /** A layer has been selected, by its full name. */
  selected(layerId: string): void;
}

/** An earlier run, drawn over the curves of the one at hand. */
export interface RunOverlay {
  readonly title: string;
  readonly metrics: readonly MetricsEvent[];
}

/** What the training panel knows of its run besides its events. */
export interface TrainingPanelState {
  readonly runState: RunState;
  /** The run can go on where it stopped or was cut off. */
  readonly resumable: boolean;
  /** The model has been edited since the run began, which keeps its snapshot. */
  readonly modelChanged: boolean;
}

export interface HostToTraining {
  /** Everything drawn so far is replaced by these events. */
  reset(title: string, events: readonly TrainingEvent[], state: TrainingPanelState): void;
  append(events: readonly TrainingEvent[]): void;
  state(state: TrainingPanelState): void;
  /** Answered by `acknowledgePredictions` when it has been drawn. */
  predictions(event: PredictionsEvent): void;
  overlays(runs: readonly RunOverlay[]): void;
  /** What would help against the last alarm, in words. */
  remedies(titles: readonly string[]): void;
}

export interface TrainingToHost {
  ready(): void;
  train(): void;
  pause(): void;
  /** Goes on after a pause. */
  resume(): void;
  /** Does one step of a paused training. */
  step(): void;
  stop(): void;
  /** Goes on with a training that has stopped or was cut off. */
  resumeRun(): void;
  setLearningRate(value: number): void;
  acknowledgePredictions(): void;
  /** Asks where to, and writes a picture there: a PNG as a data URL. */
  savePicture(name: string, dataUrl: string): void;
  /** Changes the model as the remedy of this number says. */
  applyRemedy(index: number): void;
}

/** What is wrong with the network that trains, and what would help, the best first. */
export interface ShownVerdict {
  readonly title: string;
  readonly message: string;
  /** The layer that shows it best. */
  readonly layerId: string;
  readonly remedies: readonly string[];
}

export interface HostToGradients {
  /** Forgets what was drawn for these samples. `title` names the run that is drawn, '' when there is none; `live` ones bring more. */
  reset(title: string, samples: readonly GradientsEvent[], live: boolean): void;
  sample(event: GradientsEvent): void;
  /** Null for a network that learns well. */
  verdict(verdict: ShownVerdict | null): void;
  /** Selects a layer, as the designer did. */
  select(layerId: string): void;
}

export interface GradientsToHost {
  ready(): void;
  acknowledge(): void;
  train(): void;
  /** The matrices of this layer are looked at, which the designer may show too; of none for ''. */
  watchLayer(layerId: string): void;
  revealLayer(layerId: string): void;
  explainStep(): void;
  /** Changes the model as the remedy of this number says. */
  applyRemedy(index: number): void;
}

export interface HostToExplain {
  /** The step to be drawn; null while one is computed. */
  show(title: string, explanation: StepExplanation | null): void;
  /** Why there is none, as a sentence. */
  failed(message: string): void;
}

export interface ExplainToHost {
  ready(): void;
  /** One training row, or the next batch for null. */
  choose(sample: number | null): void;
  /** The layer at hand, for the designer to show. */
  highlight(layerId: string): void;
}

/** A model that the lab may explore: named, with the optimizer it would train with. */
export interface LabModel {
  readonly uri: string;
  readonly name: string;
  readonly optimizer: Model['optimizer'];
  readonly epochs: number;
}

/** What the loss of a network can be looked at around. */
export interface LabOrigin {
  readonly id: string;
  /** Trainings that run and are followed, a run that is kept, or the weights that the seed draws. */
  readonly kind: 'live' | 'run' | 'seed';
  readonly title: string;
}

export interface HostToLab {
  /** The model at hand; undefined when there is none, or why it cannot be used. */
  model(model: LabModel | undefined, problem?: string): void;
  /** All that can be explored of this model now, and whether an exploration runs. */
  origins(origins: readonly LabOrigin[], exploring: boolean): void;
  /** Explores the loss of the network around one of these; around the likeliest for ''. */
  showNetwork(origin: string): void;
  explored(event: ExploreEvent): void;
}

/** An exploration as the view asks for it: its origin is one that the host has named. */
export const viewedExplorationSchema = exploreRequestSchema
  .omit({ source: true, run: true })
  .extend({ origin: z.string() });
export type ViewedExploration = z.infer<typeof viewedExplorationSchema>;

/** What the lab asks of the host; a model is meant by being the one at hand, so no text comes from the view. */
export interface LabToHost {
  ready(): void;
  race(request: RaceRequest): Promise<readonly RaceTrack[]>;
  surfaceGrid(request: GridRequest): Promise<SurfaceGrid>;
  chooseModel(): void;
  explore(request: ViewedExploration): Promise<void>;
  cancelExploration(): Promise<void>;
  gradientNoise(request: Omit<NoiseRequest, 'source'>): Promise<NoiseMeasurement>;
}

/** The largest table that can be dropped from outside VS Code, which then travels as a message. */
export const maximumDroppedCharacters = 32 * 1024 * 1024;

// The host sends to its own views; they check only what has a shape they rely on.
const object = z.custom<object>(value => typeof value === 'object' && value !== null);
const state = z.enum(runStates);
const panelState = z.strictObject({ runState: state, resumable: z.boolean(), modelChanged: z.boolean() });

export const designerSchemas: MethodSchemas<HostToDesigner> = {
  show: z.tuple([object]),
  runState: z.tuple([state, object.nullable(), z.boolean(), z.boolean()]),
  network: z.tuple([networkSampleSchema, z.enum(sampleOrigins)]),
  reveal: z.tuple([z.string()]),
};
export const designerHostSchemas: MethodSchemas<DesignerToHost> = {
  ready: z.tuple([]),
  edit: z.tuple([modelEditSchema]),
  run: z.tuple([z.enum(designerCommands)]),
  resumeRun: z.tuple([]),
  restart: z.tuple([]),
  setWeight: z.tuple([weightChangeSchema, z.enum(sampleOrigins)]),
  openAsText: z.union([z.tuple([]), z.tuple([z.int().min(0)])]),
  acknowledgeNetwork: z.tuple([]),
  chooseData: z.tuple([z.enum(fileKinds)]),
  dropTable: z.tuple([z.string().max(8192)]),
  dropTableText: z.tuple([z.string().min(1).max(255), z.string().max(maximumDroppedCharacters)]),
  selected: z.tuple([z.string()]),
};
export const trainingSchemas: MethodSchemas<HostToTraining> = {
  reset: z.tuple([z.string(), z.array(trainingEventSchema), panelState]),
  append: z.tuple([z.array(trainingEventSchema)]),
  state: z.tuple([panelState]),
  predictions: z.tuple([predictionsEventSchema]),
  remedies: z.tuple([z.array(z.string())]),
  overlays: z.tuple([z.array(z.strictObject({ title: z.string(), metrics: z.array(metricsEventSchema) }))]),
};
/** A picture of a chart is smaller than this many characters. */
const maximumPicture = 20_000_000;
export const trainingHostSchemas: MethodSchemas<TrainingToHost> = {
  ready: z.tuple([]),
  train: z.tuple([]),
  pause: z.tuple([]),
  resume: z.tuple([]),
  step: z.tuple([]),
  stop: z.tuple([]),
  resumeRun: z.tuple([]),
  setLearningRate: z.tuple([z.number().positive()]),
  acknowledgePredictions: z.tuple([]),
  applyRemedy: z.tuple([z.int().min(0)]),
  savePicture: z.tuple([z.string().max(100), z.string().max(maximumPicture).startsWith('data:image/png;base64,')]),
};
export const gradientsSchemas: MethodSchemas<HostToGradients> = {
  reset: z.tuple([z.string(), z.array(gradientsEventSchema), z.boolean()]),
  sample: z.tuple([gradientsEventSchema]),
  verdict: z.tuple([object.nullable()]),
  select: z.tuple([z.string()]),
};
export const gradientsHostSchemas: MethodSchemas<GradientsToHost> = {
  ready: z.tuple([]),
  acknowledge: z.tuple([]),
  train: z.tuple([]),
  watchLayer: z.tuple([z.string()]),
  revealLayer: z.tuple([z.string()]),
  explainStep: z.tuple([]),
  applyRemedy: z.tuple([z.int().min(0)]),
};
export const explainSchemas: MethodSchemas<HostToExplain> = {
  show: z.tuple([z.string(), object.nullable()]),
  failed: z.tuple([z.string()]),
};
export const explainHostSchemas: MethodSchemas<ExplainToHost> = {
  ready: z.tuple([]),
  choose: z.tuple([z.int().min(0).nullable()]),
  highlight: z.tuple([z.string()]),
};
export const labSchemas: MethodSchemas<HostToLab> = {
  model: z.union([z.tuple([object.optional()]), z.tuple([object.optional(), z.string().optional()])]),
  origins: z.tuple([
    z.array(z.strictObject({ id: z.string(), kind: z.enum(['live', 'run', 'seed']), title: z.string() })),
    z.boolean(),
  ]),
  showNetwork: z.tuple([z.string()]),
  explored: z.tuple([object]),
};
export const labHostSchemas: MethodSchemas<LabToHost> = {
  ready: z.tuple([]),
  race: z.tuple([raceRequestSchema]),
  surfaceGrid: z.tuple([gridRequestSchema]),
  chooseModel: z.tuple([]),
  explore: z.tuple([viewedExplorationSchema]),
  cancelExploration: z.tuple([]),
  gradientNoise: z.tuple([noiseRequestSchema.omit({ source: true })]),
};
