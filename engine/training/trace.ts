import path from 'node:path';
import { encodeSafetensors } from '../export/safetensors.ts';
import { writeFileAtomically } from '../files/atomicFile.ts';
import type { StepResult, TrainingSession } from './session.ts';
import { gradientTensors, weightTensors } from './weights.ts';

/**
 * Writes what a step did: `step-<6 digits>.safetensors` with all weights after it and the gradients of `total`, and as metadata
 * the mean loss of its batch before the update, `total` with the penalties, step and epoch. Throws `file-not-writable`.
 */
export function writeTrace(directory: string, session: TrainingSession, { loss, total }: StepResult): void {
  const { step, network } = session;
  const tensors = new Map([...weightTensors(network), ...gradientTensors(network)]);
  const metadata = {
    loss: String(loss),
    total: String(total),
    step: String(step),
    epoch: String(session.epochOf(step)),
  };
  writeFileAtomically(
    path.join(directory, `step-${String(step).padStart(6, '0')}.safetensors`),
    encodeSafetensors(tensors, metadata),
  );
}
