import type { Operations, Matrix } from '../backends/backend.ts';

/** A matrix that training changes, with the gradient of the loss in it. */
export interface Parameter {
  /** The full name of its layer, blocks included: `block1.hidden2`. */
  readonly layerId: string;
  readonly kind: 'weight' | 'bias' | 'scale' | 'shift';
  /** weight [outputs, inputs]; the others [1, outputs] */
  readonly value: Matrix;
  readonly gradient: Matrix;
}

/** Numbers that a layer gathers while training and uses afterwards; no gradient reaches them. [1, outputs] */
export interface Statistic {
  readonly layerId: string;
  readonly kind: 'runningMean' | 'runningVariance';
  readonly value: Matrix;
}

/** The name of its tensor on disk. */
export const tensorName = ({ layerId, kind }: Parameter | Statistic): string => `${layerId}.${kind}`;

export const createParameter = (
  backend: Operations,
  layerId: string,
  kind: Parameter['kind'],
  rows: number,
  columns: number,
): Parameter => ({
  layerId,
  kind,
  value: backend.allocate(rows, columns),
  gradient: backend.allocate(rows, columns),
});
