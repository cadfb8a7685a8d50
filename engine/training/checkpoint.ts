import * as z from 'zod';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../export/safetensors.ts';
import { EngineError } from '../model/errors.ts';

const randomStateSchema = z.object({ generator: z.array(z.int()).length(4).readonly(), spare: z.number().optional() });
const counts = z.array(z.number()).readonly();

/** Everything of a training that is not a tensor. Numbers survive JSON to the last bit. */
const checkpointStateSchema = z.object({
  step: z.int().min(0),
  epoch: z.number().min(0),
  /** The optimizer's own, as last set while training; schedules build on it. */
  learningRate: z.number().positive(),
  sampling: randomStateSchema.optional(),
  dropout: randomStateSchema,
  plateau: z.object({ best: z.number().optional(), waited: z.int(), reductions: z.int() }),
  earlyStopping: z.object({ best: z.number().optional(), bestEpoch: z.int(), waited: z.int() }).optional(),
  /** What the epoch at hand has gathered. */
  metrics: z.object({
    rows: z.int(),
    loss: z.number(),
    classification: z
      .object({
        right: z.number(),
        count: z.number(),
        found: counts,
        said: counts,
        actual: counts,
        confusion: counts,
      })
      .optional(),
    regression: z
      .object({
        count: z.number(),
        mean: z.number(),
        variation: z.number(),
        residual: z.number(),
        absolute: z.number(),
      })
      .optional(),
  }),
  /** Length of `metrics.jsonl` then: what stands beyond is of steps that will be done again. */
  metricsBytes: z.int().min(0),
  /** Of the last epoch; of the training rows where nothing is held out. */
  loss: z.number().optional(),
});
export type CheckpointState = z.infer<typeof checkpointStateSchema>;

/**
 * All that an exact resume needs: `{layerId}.weight` and so on, an optimizer's slots as `{layerId}.weight.{slot}`, the
 * best weights of early stopping as `best:{layerId}.weight`, and the rest as JSON in the metadata.
 */
export interface Checkpoint {
  readonly state: CheckpointState;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export const encodeCheckpoint = ({ state, tensors }: Checkpoint, modelSha256: string): Uint8Array =>
  encodeSafetensors(tensors, { step: String(state.step), modelSha256, state: JSON.stringify(state) });

/** Throws `invalid-weights` when the file is damaged or belongs to another model. */
export function decodeCheckpoint(bytes: Uint8Array, file: string, modelSha256: string): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const fail = (what: string) =>
    new EngineError('invalid-weights', `${what} Resume from another checkpoint.`, { file });
  if (metadata['modelSha256'] !== modelSha256) throw fail('The checkpoint belongs to another model.');
  let json: unknown;
  try {
    json = JSON.parse(metadata['state'] ?? '');
  } catch {
    throw fail('The checkpoint does not say where its run stood.');
  }
  const state = checkpointStateSchema.safeParse(json);
  if (!state.success) throw fail('The checkpoint does not say where its run stood.');
  return { state: state.data, tensors };
}
