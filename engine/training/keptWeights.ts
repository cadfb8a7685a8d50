import path from 'node:path';
import { readSafetensors, type TensorFile } from '../export/safetensors.ts';
import type { RunRecord } from '../protocol/runRecord.ts';
import { CheckpointFiles } from './checkpointFiles.ts';

/** Weights that a run has kept, among other tensors. */
export interface KeptWeights {
  readonly step: number;
  readonly epoch: number;
  readonly tensors: TensorFile['tensors'];
  /** Where they lie. */
  readonly file: string;
}

/** The checkpoints of a run that are whole, in their order, and then its result, once it has ended. Throws `invalid-weights`. */
export function readKeptWeights(folder: string, { modelSha256, step, epoch = 0 }: RunRecord): KeptWeights[] {
  const files = new CheckpointFiles(folder, modelSha256);
  const kept = files.steps.flatMap((at): KeptWeights[] => {
    const checkpoint = files.read(at);
    return checkpoint ? [{ step: at, epoch: checkpoint.state.epoch, tensors: checkpoint.tensors, file: folder }] : [];
  });
  if (step === undefined) return kept;
  const file = path.join(folder, 'final.safetensors');
  return [...kept, { step, epoch, tensors: readSafetensors(file).tensors, file }];
}
