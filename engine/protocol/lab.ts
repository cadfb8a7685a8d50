import * as z from 'zod';
import { optimizerUnion, type OptimizerSettings } from '../model/schema.ts';
import { surfaceNames, type Domain, type Point } from '../model/surfaceTable.ts';
import type { MethodSchemas } from './channel.ts';
import { modelSourceSchema } from './trainer.ts';
import { weightSampleSchema, type WeightSample } from './weightSample.ts';

/** The optimizer lab: what its panel asks the training process, and what comes back. */

const finite = z.number();
const point = z.tuple([finite, finite]).readonly();
export const mostRaceSteps = 20_000;
const mostRacers = 32;

/** A surface by its name, a quadratic by its curvatures, or a formula that the user typed. */
export const surfaceChoiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('named'), name: z.enum(surfaceNames) }),
  z.strictObject({ kind: z.literal('quadratic'), lambda: point }),
  z.strictObject({ kind: z.literal('formula'), text: z.string().max(1000) }),
]);
export type SurfaceChoice = z.infer<typeof surfaceChoiceSchema>;

/**
 * What makes a gradient stochastic: each sample's gradient is off by N(0, deviation²) in x and in y,
 * and a step takes the mean of `batchSize` of them.
 */
export const gradientNoiseSchema = z.strictObject({ deviation: finite.min(0), batchSize: z.int().min(1).max(1e6) });
export type GradientNoise = z.infer<typeof gradientNoiseSchema>;

const optimizerSchema = z.custom<OptimizerSettings>(value => optimizerUnion.safeParse(value).success);

export const raceRequestSchema = z.strictObject({
  surface: surfaceChoiceSchema,
  racers: z
    .array(
      z.strictObject({
        optimizer: optimizerSchema,
        noise: gradientNoiseSchema.optional(),
        /** Where this one starts, when not with the others. */
        start: point.optional(),
      }),
    )
    .min(1)
    .max(mostRacers)
    .readonly(),
  start: point,
  steps: z.int().min(1).max(mostRaceSteps),
  /** An optimizer rests where its gradient is no longer than this; without it, nowhere. */
  stopGradient: finite.min(0).optional(),
  seed: z.int().min(0),
});
export type RaceRequest = z.infer<typeof raceRequestSchema>;

/**
 * The way of one optimizer. Entry t is the state after step t, entry 0 the start; pairs lie one
 * after the other: x₀ y₀ x₁ y₁ …. Every number is finite: a way that would leave the numbers ends before.
 */
export interface RaceTrack {
  readonly steps: number;
  readonly diverged: boolean;
  readonly positions: Float64Array;
  readonly values: Float64Array;
  /** The gradient, noise included, that step t + 1 uses. */
  readonly gradients: Float64Array;
  /** What the optimizer remembers, by name. */
  readonly slots: Readonly<Record<string, Float64Array>>;
}

const domainSchema = z.strictObject({
  x: z.tuple([finite, finite]).readonly(),
  y: z.tuple([finite, finite]).readonly(),
});

export const gridRequestSchema = z.strictObject({
  surface: surfaceChoiceSchema,
  domain: domainSchema,
  columns: z.int().min(2).max(400),
  rows: z.int().min(2).max(400),
});
export type GridRequest = z.infer<typeof gridRequestSchema>;

/** Heights over a domain, row by row from its lowest y; where f is not finite, the highest finite height stands. */
export interface SurfaceGrid {
  readonly domain: Domain;
  readonly columns: number;
  readonly rows: number;
  readonly heights: Float64Array;
}

export const directionKinds = ['paths', 'random'] as const;
export type DirectionKind = (typeof directionKinds)[number];

export const exploreRequestSchema = z.strictObject({
  source: modelSourceSchema,
  optimizers: z.array(optimizerSchema).min(1).max(mostRacers).readonly(),
  /** The run whose weights the optimizers start from, by its model then; without it those that the seed draws. */
  run: z.strictObject({ folder: z.string(), title: z.string() }).optional(),
  /** `paths`: the plane in which all paths move most. `random`: two filter-normalised random directions around the first one's weights. */
  directions: z.enum(directionKinds),
  epochs: z.int().min(0).max(100_000),
  /** Points of the finest grid, each way. */
  resolution: z.int().min(3).max(201),
});
export type ExploreRequest = z.infer<typeof exploreRequestSchema>;

export const followRequestSchema = z.strictObject({
  /** The model that all of them train, but for the optimizer. */
  source: modelSourceSchema,
  trainings: z
    .array(z.strictObject({ title: z.string(), optimizer: optimizerSchema }))
    .min(1)
    .max(mostRacers)
    .readonly(),
  /** They began with the weights that the seed draws, wherever they stand by now. */
  fromSeed: z.boolean(),
  directions: exploreRequestSchema.shape.directions,
  resolution: exploreRequestSchema.shape.resolution,
});
export type FollowRequest = z.infer<typeof followRequestSchema>;

/** The paths of all optimizers in a plane of weight space. */
export interface PathsEvent {
  readonly kind: 'paths';
  readonly epoch: number;
  readonly epochs: number;
  readonly domain: Domain;
  /** Share of all movement (squared distance from the plane's centre) that the plane does not show, 0 … 1. */
  readonly offPlaneShare: number;
  /** What a reader must know, as a sentence; empty when there is nothing. */
  readonly note: string;
  readonly tracks: readonly {
    /** Empty for an optimizer of the request. */
    readonly title: string;
    readonly optimizer: OptimizerSettings;
    /** The epoch of each point. */
    readonly epochs: Float64Array;
    readonly positions: Float64Array;
    /** The loss at the weights themselves, not at their shadow in the plane. */
    readonly losses: Float64Array;
    readonly diverged: boolean;
  }[];
}

export type ExploreEvent =
  | PathsEvent
  | {
      readonly kind: 'grid';
      readonly grid: SurfaceGrid;
      /** A finer one follows. */
      readonly coarse: boolean;
      /** Rows of data the losses are over. */
      readonly rows: number;
    }
  | { readonly kind: 'end'; readonly reason: 'completed' | 'cancelled' | 'failed'; readonly message?: string };

export const noiseRequestSchema = z.strictObject({
  source: modelSourceSchema,
  /** Epochs of training before the gradients are looked at. */
  epochs: z.int().min(0).max(100_000),
});
export type NoiseRequest = z.infer<typeof noiseRequestSchema>;

/** How far minibatch gradients lie from the full one: E‖g_b − g‖² = tr Cov(g_b), by batch size. */
export interface NoiseMeasurement {
  readonly rows: number;
  readonly parameters: number;
  /** ‖∇L‖² over all rows. */
  readonly gradientSquared: number;
  /** tr Σ, the covariance of one row's gradient. */
  readonly covarianceTrace: number;
  /** Draws behind each measured value. */
  readonly draws: number;
  readonly batches: readonly { readonly size: number; readonly measured: number; readonly predicted: number }[];
}

/** Host → training process. */
export interface LabCalls {
  race(request: RaceRequest): Promise<readonly RaceTrack[]>;
  surfaceGrid(request: GridRequest): Promise<SurfaceGrid>;
  /** Answers when the exploration has begun; a running one is cancelled. What it finds comes as events. */
  explore(request: ExploreRequest): Promise<void>;
  cancelExploration(): Promise<void>;
  /** The same for trainings that run elsewhere, whose weights come in as samples. */
  follow(request: FollowRequest): Promise<void>;
  /** Where a followed training stands, by its place in the request. */
  addWeights(training: number, sample: WeightSample): Promise<void>;
  /** The followed trainings are over. */
  finishFollowing(): Promise<void>;
  gradientNoise(request: NoiseRequest): Promise<NoiseMeasurement>;
}

/** Training process → host. */
export interface LabEvents {
  explored(event: ExploreEvent): void;
}

export const labCallSchemas: MethodSchemas<LabCalls> = {
  race: z.tuple([raceRequestSchema]),
  surfaceGrid: z.tuple([gridRequestSchema]),
  explore: z.tuple([exploreRequestSchema]),
  cancelExploration: z.tuple([]),
  follow: z.tuple([followRequestSchema]),
  addWeights: z.tuple([z.int().min(0), weightSampleSchema]),
  finishFollowing: z.tuple([]),
  gradientNoise: z.tuple([noiseRequestSchema]),
};

const exploreEventSchema = z.custom<ExploreEvent>(
  value => typeof value === 'object' && value !== null && 'kind' in value,
);
export const labEventSchemas: MethodSchemas<LabEvents> = { explored: z.tuple([exploreEventSchema]) };

/** The start of a surface that has no better one. */
export const defaultStart: Point = [1.5, 1.5];
