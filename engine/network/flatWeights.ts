import type { Matrix } from '../backends/backend.ts';

interface WithValues {
  readonly value: Matrix;
}

/** The numbers of several matrices, one after the other. */
export function flat(matrices: readonly WithValues[]): Float64Array {
  const all = new Float64Array(matrices.reduce((sum, { value }) => sum + sizeOf(value), 0));
  let at = 0;
  for (const { value } of matrices) {
    all.set(value.values.subarray(0, sizeOf(value)), at);
    at += sizeOf(value);
  }
  return all;
}

/** Puts back what `flat` has taken. */
export function setFlat(matrices: readonly WithValues[], numbers: Float64Array): void {
  let at = 0;
  for (const { value } of matrices) {
    value.values.set(numbers.subarray(at, at + sizeOf(value)));
    at += sizeOf(value);
  }
}

const sizeOf = ({ rows, columns }: Matrix): number => rows * columns;
