import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Backend, Matrix } from '../../engine/backends/backend.ts';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { activations } from '../../engine/model/layerFields.ts';

/** Float64 backends; that the others agree with the reference is the business of their own tests. */
const backends: readonly Backend[] = [referenceBackend];

const number = fc.double({ min: -4, max: 4, noNaN: true });
const size = fc.integer({ min: 1, max: 9 });
const matrix = (rows: number, columns: number) =>
  fc
    .array(number, { minLength: rows * columns, maxLength: rows * columns })
    .map((values): Matrix => ({ rows, columns, values: Float64Array.from(values) }));
const at = ({ columns, values }: Matrix, row: number, column: number) => values[row * columns + column] ?? NaN;
const sum = (count: number, term: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((a, b) => a + b, 0);

const product = fc
  .tuple(size, size, size)
  .chain(([batch, inputs, outputs]) =>
    fc.tuple(matrix(batch, inputs), matrix(outputs, inputs), matrix(1, outputs), matrix(batch, outputs)),
  );

describe.each(backends)('the $name backend', backend => {
  const filled = (like: Matrix) => {
    const made = backend.allocate(like.rows, like.columns);
    made.values.set(like.values);
    return made;
  };

  it('computes the three products of a dense layer as their definitions say, whatever the shape', () => {
    fc.assert(
      fc.property(product, ([input, weight, bias, gradient]) => {
        const [x, w, b, g] = [filled(input), filled(weight), filled(bias), filled(gradient)];
        const forward = backend.allocate(x.rows, w.rows);
        backend.denseForward(x, w, b, forward);
        const inputGradient = backend.allocate(x.rows, w.columns);
        backend.denseInputGradient(g, w, inputGradient);
        const weightGradient = backend.allocate(w.rows, w.columns);
        backend.denseWeightGradient(g, x, weightGradient);
        const biasGradient = backend.allocate(1, w.rows);
        backend.denseBiasGradient(g, biasGradient);
        for (let n = 0; n < x.rows; n++)
          for (let j = 0; j < w.rows; j++)
            expect(at(forward, n, j)).toBeCloseTo(
              at(bias, 0, j) + sum(w.columns, i => at(input, n, i) * at(weight, j, i)),
              9,
            );
        for (let n = 0; n < x.rows; n++)
          for (let i = 0; i < w.columns; i++)
            expect(at(inputGradient, n, i)).toBeCloseTo(
              sum(w.rows, j => at(gradient, n, j) * at(weight, j, i)),
              9,
            );
        for (let j = 0; j < w.rows; j++) {
          expect(at(biasGradient, 0, j)).toBeCloseTo(
            sum(x.rows, n => at(gradient, n, j)),
            9,
          );
          for (let i = 0; i < w.columns; i++)
            expect(at(weightGradient, j, i)).toBeCloseTo(
              sum(x.rows, n => at(gradient, n, j) * at(input, n, i)),
              9,
            );
        }
      }),
    );
  });

  it('gathers the rows asked for, in their order', () => {
    const source = filled({ rows: 3, columns: 2, values: Float64Array.from([1, 2, 3, 4, 5, 6]) });
    const destination = backend.allocate(3, 2);
    backend.gather(source, Int32Array.from([2, 0, 2]), destination);
    expect([...destination.values]).toEqual([5, 6, 1, 2, 5, 6]);
  });

  it.each(activations)('differentiates %s as central differences do', activation => {
    fc.assert(
      fc.property(
        fc.tuple(size, size).chain(([rows, columns]) => fc.tuple(matrix(rows, columns), matrix(rows, columns))),
        ([given, outputGradient]) => {
          // A kink has no derivative to compare with.
          const a = filled({ ...given, values: given.values.map(value => (Math.abs(value) < 1e-3 ? 0.5 : value)) });
          const z = backend.allocate(a.rows, a.columns);
          backend.activate(activation, a, z);
          const gradient = backend.allocate(a.rows, a.columns);
          backend.activationGradient(activation, a, z, filled(outputGradient), gradient);
          const weighted = () => {
            backend.activate(activation, a, z);
            return sum(z.values.length, i => (z.values[i] ?? 0) * (outputGradient.values[i] ?? 0));
          };
          a.values.forEach((value, i) => {
            a.values[i] = value + 1e-6;
            const above = weighted();
            a.values[i] = value - 1e-6;
            const below = weighted();
            a.values[i] = value;
            expect((above - below) / 2e-6).toBeCloseTo(gradient.values[i] ?? NaN, 6);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['binaryCrossEntropy', 'sigmoid', (y: number) => Number(y > 0)],
    ['crossEntropy', 'softmax', (y: number) => Math.abs(y)],
    ['meanSquaredError', 'tanh', (y: number) => y],
    ['meanSquaredError', 'identity', (y: number) => y],
  ] as const)('differentiates %s of %s as central differences do', (loss, activation, toTarget) => {
    fc.assert(
      fc.property(
        fc.tuple(size, size).chain(([rows, columns]) => fc.tuple(matrix(rows, columns), matrix(rows, columns))),
        ([preActivation, raw]) => {
          const a = filled(preActivation);
          const targets = filled({ ...raw, values: raw.values.map(toTarget) });
          const z = backend.allocate(a.rows, a.columns);
          const gradient = backend.allocate(a.rows, a.columns);
          const mean = backend.allocateScalar();
          const value = () => {
            backend.activate(activation, a, z);
            backend.loss(loss, activation, a, z, targets, gradient, mean);
            return mean[0] ?? NaN;
          };
          value();
          const analytic = gradient.values.slice();
          a.values.forEach((at0, i) => {
            a.values[i] = at0 + 1e-5;
            const above = value();
            a.values[i] = at0 - 1e-5;
            const below = value();
            a.values[i] = at0;
            expect((above - below) / 2e-5).toBeCloseTo(analytic[i] ?? NaN, 6);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['binaryCrossEntropy', 'sigmoid'],
    ['crossEntropy', 'softmax'],
  ] as const)('keeps %s finite where a logarithm of 0 would not be', (loss, activation) => {
    const a = filled({ rows: 1, columns: 2, values: Float64Array.from([1000, -1000]) });
    const targets = filled({ rows: 1, columns: 2, values: Float64Array.from([0, 1]) });
    const z = backend.allocate(1, 2);
    const gradient = backend.allocate(1, 2);
    backend.activate(activation, a, z);
    const mean = backend.allocateScalar();
    backend.loss(loss, activation, a, z, targets, gradient, mean);
    expect(mean[0]).toBeGreaterThan(900);
    expect([...gradient.values].every(Number.isFinite)).toBe(true);
  });

  it('gives 1 for step only above 0, and a derivative of 0 for relu at 0', () => {
    const a = filled({ rows: 1, columns: 3, values: Float64Array.from([-1, 0, 1e-300]) });
    const z = backend.allocate(1, 3);
    backend.activate('step', a, z);
    expect([...z.values]).toEqual([0, 0, 1]);
    const gradient = backend.allocate(1, 3);
    backend.activationGradient(
      'relu',
      a,
      z,
      filled({ rows: 1, columns: 3, values: Float64Array.from([1, 1, 1]) }),
      gradient,
    );
    expect([...gradient.values]).toEqual([0, 0, 1]);
  });
});
