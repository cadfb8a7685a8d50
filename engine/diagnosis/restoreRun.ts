import { CheckpointFiles } from '../training/checkpointFiles.ts';
import { readRunRecord } from '../training/runFolder.ts';
import type { TrainingSession } from '../training/session.ts';

/** Where the weights of a session come from. */
export interface Restored {
  readonly trained: boolean;
  /** Why those of the run could not be taken. */
  readonly note?: string;
}

/** Before the names of the tensors that early stopping keeps. */
const bestPrefix = 'best:';

/**
 * Puts a session where a run stands: weights, the optimizer's memory and the step. Where the optimizer has changed since,
 * the weights alone; where the layers have, nothing, and the note says so.
 */
export function restoreRun(session: TrainingSession, run: string | undefined): Restored {
  if (run === undefined) return { trained: false };
  const note = (message: string): Restored => ({ trained: false, note: `${message} These are the first weights.` });
  let checkpoint;
  try {
    checkpoint = new CheckpointFiles(run, readRunRecord(run).modelSha256).readNewest();
  } catch {
    return note('The run cannot be read any more.');
  }
  if (!checkpoint) return note('The run has no checkpoint.');
  const { state } = checkpoint;
  const tensors = new Map([...checkpoint.tensors].filter(([name]) => !name.startsWith(bestPrefix)));
  const { learningRate } = session.optimizer;
  const restore = (otherOptimizer: boolean) => {
    session.restore({ ...state, sampling: state.sampling, tensors }, run, { otherOptimizer });
    // The model's own rate counts: it may have been changed since.
    session.optimizer.learningRate = learningRate;
  };
  try {
    restore(false);
    return { trained: true };
  } catch {
    try {
      restore(true);
      return { trained: true, note: 'The optimizer has changed since the run, so its memory begins anew.' };
    } catch {
      return note('The layers have changed since the run.');
    }
  }
}
