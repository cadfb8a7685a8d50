import * as z from 'zod';
import { variantSchema } from '../model/experiments/variant.ts';
import { endReasons } from './events.ts';

/**
 * An experiment trains one model in several variants, each with several seeds: a comparison of
 * optimizers, or a sweep over fields. Its record lies beside the folders of its runs.
 */
export const experimentKinds = ['comparison', 'sweep'] as const;
export type ExperimentKind = (typeof experimentKinds)[number];

/** What became of one run. Losses are of the validation split; of the training where there is none. */
export const runResultSchema = z.object({
  variant: z.int().min(0),
  seed: z.int().min(0),
  reason: z.enum(endReasons),
  message: z.string().optional(),
  /** Lowest loss of any epoch, and where it was reached; missing when the run could not begin. */
  bestLoss: z.number().optional(),
  bestEpoch: z.number().optional(),
  /** Loss with the last weights, and that of the training split. */
  finalLoss: z.number().optional(),
  trainLoss: z.number().optional(),
  accuracy: z.number().optional(),
  r2: z.number().optional(),
  /** Seconds of training, without the start of the process and the measuring. */
  seconds: z.number(),
  initialWeightsSha256: z.string().optional(),
  dataSha256: z.string().optional(),
});
export type RunResult = z.infer<typeof runResultSchema>;

/** A process at work in a folder; whoever reads that asks whether it still lives. */
export const ownerSchema = z.object({ pid: z.int().min(1), host: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

/** `interrupted` is one that says it is running and whose owner is gone. */
export const experimentStatuses = ['running', 'completed', 'stopped', 'interrupted'] as const;
export type ExperimentStatus = (typeof experimentStatuses)[number];

/** `comparison.json` and `sweep.json`. Keys of newer versions are passed over. */
export const experimentRecordSchema = z.object({
  kind: z.enum(experimentKinds),
  name: z.string(),
  /** The file that is trained, as it was called then. */
  modelPath: z.string().optional(),
  /** The text of the model that every variant changes. */
  model: z.string(),
  variants: z.array(variantSchema).min(1).max(1000),
  seeds: z.array(z.int().min(0)).min(1).max(100),
  /** Options of the command line that hold for every run and that no text of a model can say. */
  trainOptions: z.array(z.string()).optional(),
  /** ISO 8601, UTC. */
  started: z.string(),
  status: z.enum(experimentStatuses),
  /** Who does the runs, while they go on. */
  owner: ownerSchema.optional(),
  /** What the user has written about it. */
  note: z.string().optional(),
  results: z.array(runResultSchema),
});
export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;

/** What an experiment is before anything has run. */
export type ExperimentPlan = Pick<ExperimentRecord, 'kind' | 'name' | 'model' | 'variants' | 'seeds'>;

/** One variant with one seed: one run. */
export interface Cell {
  readonly variant: number;
  readonly seed: number;
}

/** Every run of an experiment. All variants get the first seed before any gets the second, so that a race is one from its beginning. */
export const cellsOf = ({ variants, seeds }: Pick<ExperimentPlan, 'variants' | 'seeds'>): Cell[] =>
  seeds.flatMap(seed => variants.map((_, variant) => ({ variant, seed })));

/** Whether a run is still to be done, or done again: it has not begun, was cut off, or its process died. */
export const isUnfinished = (result: RunResult | undefined): boolean =>
  result === undefined || result.reason === 'stopped' || result.reason === 'failed';

/** The folder of a run within the folder of its experiment. */
export const cellFolder = ({ variants }: Pick<ExperimentPlan, 'variants'>, { variant, seed }: Cell): string =>
  `${variants[variant]?.name ?? ''}-${String(seed)}`;

/** The name of the record within the folder of its experiment, whose own name ends with the kind's suffix. */
export const recordFiles: Readonly<Record<ExperimentKind, { readonly file: string; readonly suffix: string }>> = {
  comparison: { file: 'comparison.json', suffix: '-compare' },
  sweep: { file: 'sweep.json', suffix: '-sweep' },
};

/** The seeds of an experiment: that of the model, and those that follow it. */
export const seedsFrom = (seed: number, count: number): number[] => Array.from({ length: count }, (_, i) => seed + i);
