import { planBatches } from '../data/batches.ts';
import type { LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { RunRecord } from '../protocol/runRecord.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { WeightChange } from '../protocol/trainer.ts';
import { parseModel } from '../model/parse.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Progress } from './progress.ts';
import type { TrainingSession } from './session.ts';
import { CheckpointFiles } from './checkpointFiles.ts';
import { readEvents } from './resume.ts';
import { readRunRecord } from './runFolder.ts';

/** A run of which another branches off: it has the same past and another future. */
export interface ForkPoint {
  readonly folder: string;
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
  /** What was recorded up to there. */
  readonly past: readonly TrainingEvent[];
}

/**
 * Reads a run at one of its checkpoints, the newest unless `step` says another.
 * Throws `file-not-readable`, `invalid-run`, or `invalid-weights` when there is no such checkpoint.
 */
export function readForkPoint(folder: string, step?: number): ForkPoint {
  const record = readRunRecord(folder);
  const files = new CheckpointFiles(folder, record.modelSha256);
  const checkpoint = step === undefined ? files.readNewest() : files.read(step);
  if (!checkpoint) {
    const kept = files.steps.map(String).join(', ');
    throw new EngineError(
      'invalid-weights',
      step === undefined
        ? 'This run has no checkpoint to branch off from. Start a new run.'
        : `This run has no checkpoint of step ${String(step)}. ${kept ? `It has those of the steps ${kept}.` : 'Start a new run.'}`,
      { file: folder },
    );
  }
  const at = checkpoint.state.step;
  const past = readEvents(folder).filter(
    event =>
      (event.event === 'metrics' || event.event === 'hyperparameters' || event.event === 'weight') && event.step <= at,
  );
  return { folder, record, checkpoint, past };
}

interface Branch {
  readonly session: TrainingSession;
  readonly options: { readonly source: ModelInFile; readonly weights?: readonly WeightChange[] | undefined };
}

/**
 * Takes over where another run stood. What the model says now counts from here, be it a learning rate or another optimizer. Where weights
 * shall be set by hand, the others are those that the run has ended with, as somebody saw them, and early stopping begins anew.
 */
export function branchOff(
  { checkpoint, record, folder }: ForkPoint,
  progress: Progress,
  { session, options: { source, weights } }: Branch,
): void {
  const { optimizer } = source.model;
  const before = parseModel(record.model).draft?.optimizer;
  progress.restore(checkpoint, folder, { otherOptimizer: before?.type !== optimizer.type });
  if (before?.learningRate !== optimizer.learningRate) session.optimizer.learningRate = optimizer.learningRate;
  if (!weights) return;
  if (record.status === 'completed') progress.earlyStopping?.restore();
  progress.earlyStopping?.forget();
}

/** What `run.json` says of a branch. */
export const branchOf = (
  { folder, checkpoint }: ForkPoint,
  { source, weights }: Branch['options'],
): Pick<RunRecord, 'forkedFrom' | 'epochs'> => ({
  forkedFrom: { folder, step: checkpoint.state.step },
  ...(weights && { epochs: source.model.training.epochs }),
});

/** The model of a branch that has something left to do: one that is at its end already is given as many epochs again. */
export function withStepsLeft(source: ModelInFile, { checkpoint }: ForkPoint, { split }: LoadedData): ModelInFile {
  const { epochs } = source.model.training;
  const { stepsPerEpoch } = planBatches(source, split.train);
  const { step } = checkpoint.state;
  if (step < epochs * stepsPerEpoch) return source;
  const training = { ...source.model.training, epochs: Math.ceil(step / stepsPerEpoch) + epochs };
  return { ...source, model: { ...source.model, training } };
}
