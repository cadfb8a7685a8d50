import * as z from 'zod';
import { backendNames } from '../model/dataFields.ts';
import { splitMetricsSchema } from './events.ts';

export const runStatuses = ['running', 'completed', 'stopped', 'diverged', 'failed', 'interrupted'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** `run.json`: what a run is, and how it stands. Keys of newer versions are passed over. */
export const runRecordSchema = z.object({
  name: z.string(),
  /** The file that was trained, as it was called then. */
  modelPath: z.string(),
  /** The text of the model as it was when the run began. */
  model: z.string(),
  modelSha256: z.string(),
  seed: z.int(),
  dataSha256: z.string(),
  backend: z.enum(backendNames),
  backendReason: z.string(),
  versions: z.object({ mlpStudio: z.string(), node: z.string() }),
  /** ISO 8601, UTC. */
  started: z.string(),
  /** Ends after so many steps, whatever the epochs of the model say. */
  steps: z.int().min(1).optional(),
  /** Epochs that a resume has asked for, instead of the model's. */
  epochs: z.int().min(1).optional(),
  /** The run and step that this one branched off from. */
  forkedFrom: z.object({ folder: z.string(), step: z.int().min(0) }).optional(),
  /** What the user has written about it. */
  note: z.string().optional(),
  status: z.enum(runStatuses),
  ended: z.string().optional(),
  step: z.int().min(0).optional(),
  epoch: z.number().min(0).optional(),
  metrics: z.partialRecord(z.enum(['train', 'validation', 'test']), splitMetricsSchema).optional(),
  message: z.string().optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
