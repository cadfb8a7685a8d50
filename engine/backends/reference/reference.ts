import type { Backend, Matrix } from '../backend.ts';
import { activate, activationGradient } from './activate.ts';
import { lossFunctions, perceptronRule } from './losses.ts';
import {
  columnMoments,
  normalizeColumns,
  normalizeColumnsGradient,
  normalizeRows,
  normalizeRowsGradient,
} from './norms.ts';

const allocate = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  values: new Float64Array(rows * columns),
});

/** float64, one plain loop an operation: slow, and what every other backend is measured against. */
export const referenceBackend: Backend = {
  name: 'reference',
  device: 'CPU, float64',

  allocate,
  allocateFed: allocate,
  adopt: matrix => matrix,
  allocateRows: count => new Int32Array(count),
  allocateScalar: () => new Float64Array(1),

  record: work => work,
  close: () => undefined,

  clear(scalar) {
    scalar[0] = 0;
  },

  checkFinite(matrix, fault) {
    // 0 · x is 0 for every finite x and NaN otherwise, so one pass without branches suffices.
    let sum = 0;
    for (let i = 0; i < matrix.rows * matrix.columns; i++) sum += matrix.values[i]! * 0;
    if (sum !== 0) fault[0] = NaN;
  },

  gather(source, rows, destination) {
    const { columns } = source;
    rows.forEach((row, i) => {
      destination.values.set(source.values.subarray(row * columns, (row + 1) * columns), i * columns);
    });
  },

  denseForward(input, weight, bias, preActivation) {
    for (let n = 0; n < input.rows; n++)
      for (let j = 0; j < weight.rows; j++) {
        let sum = bias ? at(bias, 0, j) : 0;
        for (let i = 0; i < weight.columns; i++) sum += at(weight, j, i) * at(input, n, i);
        preActivation.values[n * weight.rows + j] = sum;
      }
  },

  denseInputGradient(preActivationGradient, weight, inputGradient) {
    for (let n = 0; n < preActivationGradient.rows; n++)
      for (let i = 0; i < weight.columns; i++) {
        let sum = 0;
        for (let j = 0; j < weight.rows; j++) sum += at(preActivationGradient, n, j) * at(weight, j, i);
        inputGradient.values[n * weight.columns + i] = sum;
      }
  },

  denseWeightGradient(preActivationGradient, input, weightGradient) {
    for (let j = 0; j < weightGradient.rows; j++)
      for (let i = 0; i < weightGradient.columns; i++) {
        let sum = 0;
        for (let n = 0; n < input.rows; n++) sum += at(preActivationGradient, n, j) * at(input, n, i);
        weightGradient.values[j * weightGradient.columns + i] = sum;
      }
  },

  denseBiasGradient(preActivationGradient, biasGradient) {
    for (let j = 0; j < biasGradient.columns; j++) {
      let sum = 0;
      for (let n = 0; n < preActivationGradient.rows; n++) sum += at(preActivationGradient, n, j);
      biasGradient.values[j] = sum;
    }
  },

  penalty(weight, l1, l2, sum, weightGradient) {
    let penalty = 0;
    for (let i = 0; i < weight.rows * weight.columns; i++) {
      const w = weight.values[i] ?? 0;
      penalty += l1 * Math.abs(w) + l2 * w * w;
      if (weightGradient) weightGradient.values[i] = (weightGradient.values[i] ?? 0) + l1 * Math.sign(w) + 2 * l2 * w;
    }
    sum[0]! += penalty;
  },

  activate,
  activationGradient,

  multiply(a, b, product) {
    for (let i = 0; i < a.rows * a.columns; i++) product.values[i] = a.values[i]! * b.values[i]!;
  },

  add(a, b, sum) {
    for (let i = 0; i < a.rows * a.columns; i++) sum.values[i] = a.values[i]! + b.values[i]!;
  },

  blend(kept, average, share, values) {
    for (let i = 0; i < average.columns; i++) average.values[i] = kept * average.values[i]! + share * values.values[i]!;
  },

  columnMoments,
  normalizeColumns,
  normalizeColumnsGradient,
  normalizeRows,
  normalizeRowsGradient,

  loss(loss, activation, preActivation, output, targets, preActivationGradient, mean) {
    mean[0] = lossFunctions[loss](activation, preActivation, output, targets, preActivationGradient);
    if (activation === 'step') perceptronRule(output, targets, preActivationGradient);
  },
};

const at = ({ columns, values }: Matrix, row: number, column: number): number => values[row * columns + column] ?? 0;
