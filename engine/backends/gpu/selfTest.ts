import type { Matrix, Operations } from '../backend.ts';
import { referenceBackend } from '../reference/reference.ts';
import type { GpuBackend } from './gpuBackend.ts';

/** What float32 may lose. */
const tolerance = 1e-5;
const rows = 5;
const inputs = 7;
const outputs = 3;

/** Makes a device compute a layer forward and backward, and reads it back. Throws what is wrong. */
export async function selfTest(backend: GpuBackend): Promise<void> {
  const expected = run(referenceBackend);
  expected.work();
  const actual = run(backend);
  await backend.record(actual.work)();
  await backend.fetch(actual.results.map(({ values }) => values));
  const errors = actual.results.flatMap(({ values }, i) =>
    [...values].map((value, at) => Math.abs(value - (expected.results[i]?.values[at] ?? NaN))),
  );
  const worst = errors.every(error => error < tolerance)
    ? 0
    : Math.max(...errors.map(error => (error >= 0 ? error : Infinity)));
  if (worst > 0) throw new Error(`It computes wrongly: a number is off by ${worst.toPrecision(2)}.`);
}

function run(backend: Operations): { work: () => void; results: Matrix[] } {
  const filled = (height: number, width: number, phase: number): Matrix => {
    const matrix = backend.allocate(height, width);
    for (let i = 0; i < height * width; i++) matrix.values[i] = Math.fround(Math.sin(phase + i));
    return matrix;
  };
  const input = filled(rows, inputs, 1);
  const weight = filled(outputs, inputs, 2);
  const bias = filled(1, outputs, 3);
  const [preActivation, output, gradient] = [0, 0, 0].map(() => backend.allocate(rows, outputs)) as [
    Matrix,
    Matrix,
    Matrix,
  ];
  const weightGradient = backend.allocate(outputs, inputs);
  return {
    results: [output, gradient, weightGradient],
    work: () => {
      backend.denseForward(input, weight, bias, preActivation);
      backend.activate('tanh', preActivation, output);
      backend.activationGradient('tanh', preActivation, output, output, gradient);
      backend.denseWeightGradient(gradient, input, weightGradient);
    },
  };
}
