import type * as vscode from 'vscode';
import type { OptimizerSettings } from '../../engine/model/schema.ts';
import type { WeightSample } from '../../engine/protocol/weightSample.ts';
import type { ProcessSamples } from './processSamples.ts';

/** A training whose way through weight space can be drawn while it runs. */
export interface WatchedTraining {
  /** Its name; empty for one that is called by its optimizer. */
  readonly title: string;
  readonly optimizer: OptimizerSettings;
  readonly weights: Pick<ProcessSamples<WeightSample>, 'request' | 'onDidSample'>;
}

/** Trainings of one model that run now. */
export interface WatchedTrainings {
  /** The text of the model that they train, but for the optimizer. */
  readonly text: string;
  readonly trainings: readonly WatchedTraining[];
  /** They began with the weights that the seed of the text draws. */
  readonly fromSeed: boolean;
  readonly onDidChange: (listener: () => void) => vscode.Disposable;
  readonly isOver: () => boolean;
}
