import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend, Matrix } from '../../../../engine/backends/backend.ts';
import { WasmBackend } from '../../../../engine/backends/wasm/wasm.ts';

const made: WasmBackend[] = [];
afterEach(() => {
  for (const backend of made.splice(0)) backend.close();
});

function newBackend(threads: number): WasmBackend {
  const backend = new WasmBackend(threads);
  made.push(backend);
  return backend;
}

/** The same numbers everywhere, of different sizes, so that every order of a sum rounds differently. */
function filled(backend: Backend, rows: number, columns: number, seed: number): Matrix {
  const matrix = backend.allocate(rows, columns);
  for (let i = 0; i < rows * columns; i++) matrix.values[i] = Math.sin(i * 12.9898 + seed) * 10 ** (i % 5);
  return matrix;
}

/** A tape with every operation that threads can share, on shapes that divide into nothing. */
function record(backend: WasmBackend) {
  const [batch, inputs, outputs] = [131, 413, 257];
  const data = filled(backend, 200, inputs, 1);
  const rows = backend.allocateRows(batch);
  rows.forEach((_, i) => (rows[i] = (i * 37) % 200));
  const weight = filled(backend, outputs, inputs, 2);
  const bias = filled(backend, 1, outputs, 3);
  const [x, a, z, g] = [inputs, outputs, outputs, outputs].map(columns => backend.allocate(batch, columns)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  const outputGradient = filled(backend, batch, outputs, 4);
  const inputGradient = backend.allocate(batch, inputs);
  const weightGradient = backend.allocate(outputs, inputs);
  const biasGradient = backend.allocate(1, outputs);
  const moments = [backend.allocate(outputs, inputs), backend.allocate(outputs, inputs)] as const;
  const coefficients = backend.allocate(1, 16);
  coefficients.values.set([1, Infinity, 0.9, 0.1, 0.999, 0.001, 1, 0.01, 0, 1, 1e-8, 0]);
  const scalars = [backend.allocateScalar(), backend.allocateScalar(), backend.allocateScalar()] as const;
  const run = backend.record(() => {
    for (const scalar of scalars) backend.clear(scalar);
    backend.gather(data, rows, x);
    backend.denseForward(x, weight, bias, a);
    backend.activate('tanh', a, z);
    backend.add(a, z, a);
    backend.multiply(a, z, a);
    backend.activationGradient('gelu', a, z, outputGradient, g);
    backend.denseInputGradient(g, weight, inputGradient);
    backend.denseWeightGradient(g, x, weightGradient);
    backend.denseBiasGradient(g, biasGradient);
    backend.penalty(weight, 0.25, 0.5, scalars[0], weightGradient);
    backend.sumOfSquares(weightGradient, scalars[1]);
    backend.clipByNorm(scalars[1], 1, coefficients);
    backend.update('adapt', weight, weightGradient, [moments[0].values, moments[1].values], coefficients, scalars[2]);
    backend.checkFinite(weight, scalars[2]);
  });
  const matrices = [x, a, z, g, inputGradient, weightGradient, biasGradient, weight, ...moments];
  return {
    run,
    bits: () => [...matrices.map(({ values }) => values.slice()), ...scalars.map(scalar => scalar.slice())],
  };
}

describe('threads', () => {
  it('change no bit of any result, however many share the work', async () => {
    const steps = 24;
    const alone = record(newBackend(1));
    for (let step = 0; step < steps; step++) alone.run();
    for (const threads of [2, 3]) {
      const backend = newBackend(threads);
      const team = record(backend);
      await vi.waitFor(() => expect(backend.readyThreads).toBe(threads), 10_000);
      // Long enough that every size of team has had its turn.
      for (let step = 0; step < steps; step++) team.run();
      expect(team.bits()).toEqual(alone.bits());
    }
  });

  it('start only for a tape with enough work to share', async () => {
    const backend = newBackend(2);
    const [x, w, a] = [backend.allocate(8, 8), backend.allocate(8, 8), backend.allocate(8, 8)];
    const run = backend.record(() => backend.denseForward(x, w, undefined, a));
    run();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(backend.readyThreads).toBe(1);
  });

  it('end with their backend, whose tapes then run alone', async () => {
    const backend = newBackend(2);
    const tape = record(backend);
    await vi.waitFor(() => expect(backend.readyThreads).toBe(2), 10_000);
    backend.close();
    expect(backend.readyThreads).toBe(1);
    const alone = record(newBackend(1));
    tape.run();
    alone.run();
    expect(tape.bits()).toEqual(alone.bits());
  });
});

describe('a recorded tape', () => {
  it('does work of the host in its place between instructions', () => {
    const backend = newBackend(1);
    const [a, b, c] = [filled(backend, 3, 5, 1), filled(backend, 3, 5, 2), backend.allocate(3, 5)];
    const mean = backend.allocate(1, 5);
    const variance = backend.allocate(1, 5);
    const run = backend.record(() => {
      backend.add(a, b, c);
      // Batch norm's moments are computed by the host.
      backend.columnMoments(c, mean, variance);
      backend.multiply(c, c, c);
    });
    expect([...c.values]).toEqual(Array(15).fill(0));
    run();
    const sums = Array.from(a.values, (value, i) => Math.fround(value + (b.values[i] ?? 0)));
    expect([...c.values]).toEqual(sums.map(value => Math.fround(value * value)));
    expect(mean.values[0]).toBeCloseTo(((sums[0] ?? 0) + (sums[5] ?? 0) + (sums[10] ?? 0)) / 3, 2);
  });

  it('is made one at a time', () => {
    const backend = newBackend(1);
    expect(() => backend.record(() => void backend.record(() => undefined))).toThrow('recording');
  });
});
