import type { Backend, Matrix } from '../backends/backend.ts';

/** A matrix that training changes, with the gradient of the loss in it. */
export interface Parameter {
  readonly layerId: string;
  readonly kind: 'weight' | 'bias';
  /** weight [outputs, inputs], bias [1, outputs] */
  readonly value: Matrix;
  readonly gradient: Matrix;
}

/** The name of its tensor on disk. */
export const tensorName = ({ layerId, kind }: Parameter): string => `${layerId}.${kind}`;

export const createParameter = (
  backend: Backend,
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
