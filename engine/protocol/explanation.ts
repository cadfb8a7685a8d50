import type { Activation } from '../model/layerFields.ts';
import type { LossName } from '../model/dataFields.ts';
import type { OptimizerSettings } from '../model/schema.ts';

/** Rows and columns of a matrix that are shown at most. */
export const shownSize = 8;

/** A matrix as it is drawn: its shape, and its upper left corner. Samples are columns, as the article writes them. */
export interface Figure {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly (readonly number[])[];
}

export const phases = ['forward', 'loss', 'backward', 'update'] as const;
export type Phase = (typeof phases)[number];

export type OperationKind =
  | 'dense'
  | 'activation'
  | 'dropout'
  | 'batchNorm'
  | 'layerNorm'
  | 'residual'
  | 'loss'
  | 'lossGradient'
  | 'activationGradient'
  | 'weightGradient'
  | 'biasGradient'
  | 'inputGradient'
  | 'penalty'
  | 'dropoutGradient'
  | 'batchNormGradient'
  | 'layerNormGradient'
  | 'residualGradient'
  | 'update';

/** What a number of a formula is called: the view writes it as the article does. */
export type Role =
  | 'input'
  | 'weight'
  | 'bias'
  | 'preActivation'
  | 'output'
  | 'mask'
  | 'scale'
  | 'shift'
  | 'normalized'
  | 'deviation'
  | 'meanGradient'
  | 'meanProduct'
  | 'scaleGradient'
  | 'shiftGradient'
  | 'inner'
  | 'target'
  | 'outputGradient'
  | 'slope'
  | 'preActivationGradient'
  | 'weightGradient'
  | 'biasGradient'
  | 'inputGradient'
  | 'gradient'
  | 'before'
  | 'after';

/** One number of a formula, or a slot of the optimizer by its name, before or after the step. */
export interface Term {
  readonly role: Role | { readonly slot: string; readonly when: 'before' | 'after' };
  readonly figure: Figure;
}

/** Central differences beside a gradient. */
export interface DifferenceCheck {
  readonly figure: Figure;
  /** ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) over the shown entries. */
  readonly relativeError: number;
}

/** One operation of the step, with its numbers. */
export interface Operation {
  readonly phase: Phase;
  /** The layer it belongs to; '' for the loss. */
  readonly layerId: string;
  readonly kind: OperationKind;
  /** For an update: weight, bias, scale or shift. */
  readonly parameter?: string;
  readonly operands: readonly Term[];
  readonly result: readonly Term[];
  readonly check?: DifferenceCheck;
}

export interface ExplainedLayer {
  readonly layerId: string;
  readonly type: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation?: Activation;
}

/** One step, operation by operation: the very numbers the trainer computes. */
export interface StepExplanation {
  readonly layers: readonly ExplainedLayer[];
  readonly operations: readonly Operation[];
  readonly lossName: LossName;
  /** Mean loss of the rows, what the weights cost, and the loss of the same rows after the step. */
  readonly loss: number;
  readonly penalty: number;
  readonly lossAfter: number;
  readonly optimizer: OptimizerSettings;
  /** The learning rate of this step, as the schedule has it. */
  readonly learningRate: number;
  /** What clipping leaves of the gradients; 1 where nothing is clipped, absent where each is cut by itself. */
  readonly clipShare?: number;
  /** The step that is explained, counted from 1. */
  readonly step: number;
  readonly batchRows: number;
  readonly trainingRows: number;
  readonly sample?: number;
  /** Whether the weights are those of a run, or drawn. */
  readonly trained: boolean;
  /** Why the weights of the run could not be taken. */
  readonly note?: string;
}
