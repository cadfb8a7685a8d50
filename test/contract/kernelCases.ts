import { firstRows, type Matrix, type Numbers, type Operations, type Scalar } from '../../engine/backends/backend.ts';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { losses } from '../../engine/model/dataFields.ts';
import { activations } from '../../engine/model/layerFields.ts';

/** What an operation reads, and what it has written. */
export interface KernelCase {
  readonly title: string;
  /** Draws numbers, runs the operation and returns everything it wrote. */
  readonly run: (backend: Operations, size: Size, draw: () => number) => readonly (Matrix | Scalar)[];
  /** Where large numbers cancel, float32 keeps less of what is left. */
  readonly tolerance?: number;
}

export interface Size {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** The same numbers in every backend: exact in float32. */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.fround(((state >>> 8) / 2 ** 24 - 0.5) * 6);
  };
}

export function filled(backend: Operations, rows: number, columns: number, draw: () => number): Matrix {
  const matrix = backend.allocate(rows, columns);
  for (let i = 0; i < rows * columns; i++) matrix.values[i] = draw();
  return matrix;
}

/**
 * As `filled`, with one sign in each column. Its sums then stay as large as what they sum up, which is what their rounding is relative to: with a
 * single column of both signs a sum can come near 0 by chance, and nothing larger stands beside it.
 */
function filledOneSigned(backend: Operations, rows: number, columns: number, draw: () => number): Matrix {
  const matrix = filled(backend, rows, columns, draw);
  for (let i = 0; i < rows * columns; i++)
    matrix.values[i] = Math.abs(matrix.values[i] ?? 0) * ((i % columns) % 2 ? -1 : 1);
  return matrix;
}

export const products: readonly KernelCase[] = [
  {
    title: 'denseForward',
    run: (backend, { batch, inputs, outputs }, draw) => {
      const [x, w] = [filled(backend, batch, inputs, draw), filled(backend, outputs, inputs, draw)];
      const a = backend.allocate(batch, outputs);
      backend.denseForward(x, w, filled(backend, 1, outputs, draw), a);
      const withoutBias = backend.allocate(batch, outputs);
      backend.denseForward(x, w, undefined, withoutBias);
      return [a, withoutBias];
    },
  },
  {
    title: 'denseInputGradient',
    run: (backend, { batch, inputs, outputs }, draw) => {
      const gradient = backend.allocate(batch, inputs);
      backend.denseInputGradient(
        filled(backend, batch, outputs, draw),
        filled(backend, outputs, inputs, draw),
        gradient,
      );
      return [gradient];
    },
  },
  {
    title: 'denseWeightGradient',
    run: (backend, { batch, inputs, outputs }, draw) => {
      const gradient = backend.allocate(outputs, inputs);
      backend.denseWeightGradient(
        filled(backend, batch, outputs, draw),
        filled(backend, batch, inputs, draw),
        gradient,
      );
      return [gradient];
    },
  },
];

const onOneMatrix: readonly KernelCase[] = [
  {
    title: 'denseBiasGradient',
    run: (backend, { batch, outputs }, draw) => {
      const gradient = backend.allocate(1, outputs);
      backend.denseBiasGradient(filledOneSigned(backend, batch, outputs, draw), gradient);
      return [gradient];
    },
  },
  {
    title: 'penalty',
    run: (backend, { outputs, inputs }, draw) => {
      const sum = backend.allocateScalar();
      const [w, g] = [filled(backend, outputs, inputs, draw), filled(backend, outputs, inputs, draw)];
      backend.penalty(w, 0.25, 0.5, sum, g);
      backend.penalty(w, 0, 0.125, sum);
      return [sum, g];
    },
  },
  ...(['add', 'multiply'] as const).map(title => ({
    title,
    run: (backend: Operations, { batch, outputs }: Size, draw: () => number) => {
      const [a, b] = [filled(backend, batch, outputs, draw), filled(backend, batch, outputs, draw)];
      const result = backend.allocate(batch, outputs);
      backend[title](a, b, result);
      return [result];
    },
  })),
  {
    title: 'gather',
    run: (backend, { batch, inputs }, draw) => {
      const source = filled(backend, 11, inputs, draw);
      const rows = backend.allocateRows(batch);
      rows.forEach((_, i) => (rows[i] = (i * 7) % 11));
      const destination = backend.allocate(batch, inputs);
      backend.gather(source, rows, destination);
      const foreign = referenceBackend.allocate(11, inputs);
      foreign.values.set(source.values);
      const copied = backend.allocate(batch, inputs);
      backend.gather(foreign, rows, copied);
      return [destination, copied];
    },
  },
  {
    title: 'a batch norm',
    run: (backend, size, draw) => {
      // Its sums are of both signs, whatever is drawn: beside eight more columns a largest number is one that has not come near 0.
      const { batch, outputs } = { ...size, outputs: size.outputs + 8 };
      const x = filled(backend, batch, outputs, draw);
      const [mean, variance, running] = [1, 1, 1].map(rows => backend.allocate(rows, outputs)) as [
        Matrix,
        Matrix,
        Matrix,
      ];
      backend.columnMoments(x, mean, variance);
      backend.blend(0.75, running, 0.25, mean);
      const affine = { scale: filled(backend, 1, outputs, draw), shift: filled(backend, 1, outputs, draw) };
      const [normalized, z, input] = [0, 0, 0].map(() => backend.allocate(batch, outputs)) as [Matrix, Matrix, Matrix];
      const statistics = { mean, variance, epsilon: 0.5 };
      backend.normalizeColumns(x, statistics, affine, normalized, z);
      const gradients = { input, scale: backend.allocate(1, outputs), shift: backend.allocate(1, outputs) };
      const outputGradient = filled(backend, batch, outputs, draw);
      backend.normalizeColumnsGradient(outputGradient, normalized, statistics, affine.scale, gradients);
      return [running, normalized, z, gradients.input, gradients.scale, gradients.shift];
    },
  },
  {
    title: 'a layer norm',
    run: (backend, { batch, outputs }, draw) => {
      const x = filled(backend, batch, outputs, draw);
      const affine = { scale: filled(backend, 1, outputs, draw), shift: filled(backend, 1, outputs, draw) };
      const [normalized, z, input] = [0, 0, 0].map(() => backend.allocate(batch, outputs)) as [Matrix, Matrix, Matrix];
      // Room for more rows than this batch has.
      const variance = backend.allocate(1, batch + 3);
      backend.normalizeRows(x, 0.5, affine, variance, normalized, z);
      const gradients = { input, scale: backend.allocate(1, outputs), shift: backend.allocate(1, outputs) };
      const outputGradient = filledOneSigned(backend, batch, outputs, draw);
      backend.normalizeRowsGradient(outputGradient, normalized, 0.5, variance, affine.scale, gradients);
      return [normalized, z, gradients.input, gradients.scale, gradients.shift];
    },
  },
  {
    title: 'the first rows of a larger batch',
    run: (backend, { batch, inputs, outputs }, draw) => {
      const [x, w] = [filled(backend, batch + 4, inputs, draw), filled(backend, outputs, inputs, draw)];
      const a = backend.allocate(batch + 4, outputs);
      const part = firstRows(a, batch);
      backend.denseForward(firstRows(x, batch), w, undefined, part);
      backend.activate('relu', part, part);
      return [a];
    },
  },
];

const activationCases: readonly KernelCase[] = activations.map(activation => ({
  title: `${activation} and its gradient`,
  tolerance: 1e-4,
  run: (backend, { batch, outputs }, draw) => {
    const a = filled(backend, batch, outputs, draw);
    const z = backend.allocate(batch, outputs);
    backend.activate(activation, a, z);
    const gradient = backend.allocate(batch, outputs);
    backend.activationGradient(activation, a, z, filled(backend, batch, outputs, draw), gradient);
    return [z, gradient];
  },
}));

const lossCases: readonly KernelCase[] = losses.flatMap(loss =>
  (loss === 'binaryCrossEntropy'
    ? ['sigmoid']
    : loss === 'crossEntropy'
      ? ['softmax']
      : ['tanh', 'softmax', 'step']
  ).map(name => ({
    title: `${loss} of ${name}`,
    ...(loss !== 'crossEntropy' && loss !== 'binaryCrossEntropy' && { tolerance: 1e-4 }),
    run: (backend: Operations, { batch, outputs }: Size, draw: () => number) => {
      const activation = activations.find(known => known === name) ?? 'identity';
      const a = filled(backend, batch, outputs, draw);
      const z = backend.allocate(batch, outputs);
      backend.activate(activation, a, z);
      const targets = filled(backend, batch, outputs, () => Math.abs(draw()));
      const [gradient, mean] = [backend.allocate(batch, outputs), backend.allocateScalar()];
      backend.loss(loss, activation, a, z, targets, gradient, mean);
      return [mean, gradient];
    },
  })),
);

export const kernelCases = [...products, ...onOneMatrix, ...activationCases, ...lossCases];

/** What an operation has written, as numbers. */
export const valuesOf = (result: Matrix | Scalar): Numbers =>
  'values' in result && 'rows' in result ? result.values : result;

/** Largest difference, relative to the largest number of its matrix, which is what rounding a sum is relative to. */
export function difference(actual: readonly (Matrix | Scalar)[], expected: readonly (Matrix | Scalar)[]): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  expected.forEach((matrix, i) => {
    const [right, got] = [valuesOf(matrix), valuesOf(actual[i] ?? matrix)];
    const scale = Math.max(1e-3, ...Array.from(right, Math.abs));
    right.forEach((value, j) => {
      const error = Math.abs(value - (got[j] ?? NaN)) / scale;
      largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
    });
  });
  return largest;
}
