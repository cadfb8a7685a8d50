import * as z from 'zod';
import type { BackendName } from '../model/dataFields.ts';
import { contestantNames } from '../model/experiments/contestants.ts';
import type { MethodSchemas } from './channel.ts';
import {
  experimentRecordSchema,
  experimentStatuses,
  runResultSchema,
  type ExperimentRecord,
  type RunResult,
} from './experiment.ts';
import { curvePointSchema, type CurvePoint } from './runTally.ts';

/** Host ↔ the panels of comparisons and sweeps. The host keeps what the user has chosen; the panel draws it and asks for changes. */

const rate = z.number().positive().max(1000);
const seeds = z.int().min(1).max(100);

export const rateChoices = ['own', 'tuned', 'shared'] as const;

/** What a comparison shall be. */
export const comparisonSetupSchema = z.strictObject({
  kind: z.literal('comparison'),
  contestants: z.array(
    z.strictObject({
      name: z.enum(contestantNames),
      checked: z.boolean(),
      learningRate: rate,
      /** The range test behind a tuned rate: the loss of each, none where it diverged. */
      trials: z.array(z.strictObject({ learningRate: rate, loss: z.number().optional() })).optional(),
    }),
  ),
  /** Where the learning rates come from: each one's own, a range test, or one for all. */
  rates: z.enum(rateChoices),
  sharedRate: rate,
  seeds,
});
export type ComparisonSetup = z.infer<typeof comparisonSetupSchema>;

/** What a sweep shall be; values stay as they were typed. */
export const sweepSetupSchema = z.strictObject({
  kind: z.literal('sweep'),
  axes: z.array(z.strictObject({ path: z.string().max(200), values: z.string().max(2000) })).max(20),
  /** Draws so many combinations instead of trying all. */
  random: z.int().min(1).max(1000).optional(),
  seeds,
});
export type SweepSetup = z.infer<typeof sweepSetupSchema>;
export type ExperimentSetup = ComparisonSetup | SweepSetup;

export const setupSchema = z.discriminatedUnion('kind', [comparisonSetupSchema, sweepSetupSchema]);

export const experimentPhases = ['idle', 'tuning', 'running', 'stopping'] as const;
export type ExperimentPhase = (typeof experimentPhases)[number];

/** How far an experiment is. */
export const experimentProgressSchema = z.strictObject({
  phase: z.enum(experimentPhases),
  /** Runs, or trials while tuning, that are over, of how many. */
  done: z.int().min(0),
  total: z.int().min(0),
  /** How the shown experiment stands; missing when there is none. */
  status: z.enum(experimentStatuses).optional(),
  /** It can go on where it stopped or was cut off. */
  resumable: z.boolean(),
  /** Runs whose process does not respond, by index into `cellsOf`. */
  silent: z.array(z.int().min(0)).readonly(),
});
export type ExperimentProgress = z.infer<typeof experimentProgressSchema>;

export interface SetupState {
  /** The model, as panels are titled. */
  readonly title: string;
  /** Undefined while the text of the model has never been one. */
  readonly setup: ExperimentSetup | undefined;
  /** What shall compute, as the model says it, or the settings where it leaves that open. */
  readonly backend: BackendName;
  /** Fields of the model that a sweep may vary, with their values. */
  readonly fields: readonly { readonly path: string; readonly value: string }[];
  /** Rows per update of each contestant of a comparison. */
  readonly batchSizes: readonly (number | 'full')[];
  /** Why nothing can run now. */
  readonly problem: string | undefined;
}

/** A run as a panel draws it; a sweep draws no curves. */
export interface CellUpdate {
  /** Index into `cellsOf`. */
  readonly cell: number;
  /** To be added to the curve. */
  readonly points: readonly CurvePoint[];
  readonly result: RunResult | undefined;
}

export interface HostToExperiment {
  setup(state: SetupState): void;
  /** Everything drawn so far is replaced; `null` when nothing has run yet. */
  reset(record: ExperimentRecord | null, cells: readonly CellUpdate[]): void;
  progress(cells: readonly CellUpdate[]): void;
  standing(progress: ExperimentProgress): void;
}

export interface ExperimentToHost {
  ready(): void;
  changeSetup(setup: ExperimentSetup): void;
  run(): void;
  /** Does the runs of the shown experiment that are missing, each from where it was cut off. */
  resume(): void;
  tune(): void;
  stop(): void;
  /** Writes the settings of a variant into the model. */
  useVariant(variant: number): void;
  openSaved(): void;
}

const object = z.custom<object>(value => typeof value === 'object' && value !== null);
const cells = z.array(
  z.object({
    cell: z.int().min(0),
    points: z.array(curvePointSchema),
    result: runResultSchema.optional(),
  }),
);
const count = z.int().min(0);

export const experimentSchemas: MethodSchemas<HostToExperiment> = {
  setup: z.tuple([object]),
  reset: z.tuple([experimentRecordSchema.nullable(), cells]),
  progress: z.tuple([cells]),
  standing: z.tuple([experimentProgressSchema]),
};
export const experimentHostSchemas: MethodSchemas<ExperimentToHost> = {
  ready: z.tuple([]),
  changeSetup: z.tuple([setupSchema]),
  run: z.tuple([]),
  resume: z.tuple([]),
  tune: z.tuple([]),
  stop: z.tuple([]),
  useVariant: z.tuple([count]),
  openSaved: z.tuple([]),
};
