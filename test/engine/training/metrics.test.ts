import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../engine/backends/backend.ts';
import { MetricsSum, taskOf } from '../../../engine/training/metrics.ts';

const matrix = (columns: number, ...values: number[]): Matrix => ({
  rows: values.length / columns,
  columns,
  values: Float64Array.from(values),
});

describe('metrics', () => {
  it('of two classes are those of class 1', () => {
    const sum = new MetricsSum(taskOf('binary', 1), 1);
    // Said 1 1 1 0 0, is 1 1 0 1 0.
    sum.add(0.5, matrix(1, 0.9, 0.8, 0.7), matrix(1, 1, 1, 0));
    sum.add(1, matrix(1, 0.1, 0.2), matrix(1, 1, 0));
    expect(sum.result).toEqual({
      loss: 0.7,
      accuracy: 0.6,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      confusion: [
        [1, 1],
        [1, 2],
      ],
    });
  });

  it('of several classes are means over the classes, one that was never said counting as 0', () => {
    const sum = new MetricsSum(taskOf('oneHot', 3), 3);
    const said = matrix(3, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0);
    const is = matrix(3, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1);
    sum.add(0, said, is);
    const { precision, recall, f1, confusion } = sum.result;
    expect(precision).toBeCloseTo((1 / 2 + 1 / 2 + 0) / 3, 15);
    expect(recall).toBeCloseTo((1 + 1 / 2 + 0) / 3, 15);
    expect(f1).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 15);
    expect(confusion).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 1, 0],
    ]);
  });

  it('of flags count each flag by itself', () => {
    const sum = new MetricsSum(taskOf('binary', 2), 2);
    sum.add(0, matrix(2, 0.9, 0.1, 0.9, 0.9), matrix(2, 1, 1, 0, 1));
    expect(sum.result).toEqual({ loss: 0, accuracy: 0.5, precision: 0.75, recall: 0.75, f1: (2 / 3 + 2 / 3) / 2 });
  });

  it('of numbers are R² and the mean absolute error, also of large ones', () => {
    const sum = new MetricsSum(taskOf('numbers', 1), 1);
    sum.add(0, matrix(1, 1e9 + 1, 1e9 + 2.5), matrix(1, 1e9 + 1, 1e9 + 2));
    sum.add(0, matrix(1, 1e9 + 3), matrix(1, 1e9 + 3));
    expect(sum.result.r2).toBeCloseTo(1 - 0.25 / 2, 12);
    expect(sum.result.meanAbsoluteError).toBeCloseTo(0.5 / 3, 12);
  });

  it.each(['binary', 'oneHot', 'numbers'] as const)('go on from a saved state as if nothing had been: %s', encoding => {
    const columns = encoding === 'oneHot' ? 3 : 1;
    const batch = (i: number) =>
      [0, 1].map(shift =>
        matrix(columns, ...Array.from({ length: 4 * columns }, (_, j) => Number((i + j + shift) % 3 === 0) / 1.3)),
      );
    const add = (sum: MetricsSum, i: number) => {
      const [output, targets] = batch(i);
      if (output && targets) sum.add(i, output, targets);
    };
    const unbroken = new MetricsSum(taskOf(encoding, columns), columns);
    for (let i = 0; i < 6; i++) add(unbroken, i);
    const first = new MetricsSum(taskOf(encoding, columns), columns);
    for (let i = 0; i < 3; i++) add(first, i);
    const second = new MetricsSum(taskOf(encoding, columns), columns);
    second.state = JSON.parse(JSON.stringify(first.state)) as typeof first.state;
    for (let i = 3; i < 6; i++) add(second, i);
    expect(second.result).toEqual(unbroken.result);
  });
});
