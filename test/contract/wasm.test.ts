import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { WasmBackend } from '../../engine/backends/wasm/wasm.ts';
import { kernelBuilds } from './kernelBuilds.ts';
import { difference, kernelCases, numbersFrom, products, valuesOf } from './kernelCases.ts';

const builds = kernelBuilds.map(({ title, kernels }) => ({ title, kernels, backend: new WasmBackend(1, kernels) }));
afterAll(() => {
  for (const { backend } of builds) backend.close();
});

const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 33, 70, 129));
const sizes = fc.record({ batch: size, inputs: size, outputs: size });

describe.each(builds)('the kernels $title', ({ backend }) => {
  it.each(kernelCases)('compute $title as the reference does, whatever the shape', ({ run, tolerance = 1e-5 }) => {
    fc.assert(
      fc.property(sizes, fc.integer(), (shape, seed) => {
        const expected = run(referenceBackend, shape, numbersFrom(seed));
        expect(difference(run(backend, shape, numbersFrom(seed)), expected)).toBeLessThan(tolerance);
      }),
      { numRuns: 60 },
    );
  });

  it.each(products)('compute $title with a depth of several blocks', ({ run }) => {
    for (const shape of [
      { batch: 7, inputs: 1301, outputs: 3 },
      { batch: 1301, inputs: 5, outputs: 9 },
      { batch: 6, inputs: 17, outputs: 1301 },
      { batch: 200, inputs: 150, outputs: 140 },
    ])
      expect(
        difference(run(backend, shape, numbersFrom(3)), run(referenceBackend, shape, numbersFrom(3))),
      ).toBeLessThan(1e-5);
  });
});

it('the kernels with fused multiply-add give the same bits, however wide their vectors are', () => {
  const [first, ...others] = builds.filter(({ kernels }) => kernels.fused);
  for (const { run } of kernelCases)
    fc.assert(
      fc.property(sizes, fc.integer(), (shape, seed) => {
        const bits = (backend: WasmBackend) => run(backend, shape, numbersFrom(seed)).map(valuesOf);
        for (const { backend } of others) expect(bits(backend)).toEqual(first && bits(first.backend));
      }),
      { numRuns: 20 },
    );
});
