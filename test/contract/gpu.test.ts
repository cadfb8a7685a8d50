import { afterAll, describe, expect, it } from 'vitest';
import type { Matrix, Scalar } from '../../engine/backends/backend.ts';
import { GpuBackend } from '../../engine/backends/gpu/gpuBackend.ts';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { openedDawn } from '../support/dawn.ts';
import { difference, kernelCases, numbersFrom, products, type KernelCase, type Size } from './kernelCases.ts';

const { device, missing } = await openedDawn();
const backend = device && new GpuBackend(device);
afterAll(() => backend?.close());

const shapes: readonly Size[] = [
  { batch: 1, inputs: 1, outputs: 1 },
  { batch: 3, inputs: 9, outputs: 2 },
  { batch: 33, inputs: 17, outputs: 16 },
  { batch: 5, inputs: 70, outputs: 129 },
];

/** Runs a case on the device and brings what it wrote home. */
async function computed(gpu: GpuBackend, { run }: KernelCase, shape: Size): Promise<readonly (Matrix | Scalar)[]> {
  let written: readonly (Matrix | Scalar)[] = [];
  const program = gpu.record(() => {
    written = run(gpu, shape, numbersFrom(5));
  });
  await program();
  await gpu.fetch(written.map(result => ('rows' in result ? result.values : result)));
  return written;
}

describe.skipIf(!backend)(`the kernels of the GPU${missing}`, () => {
  it.each(kernelCases)('compute $title as the reference does, whatever the shape', async kernelCase => {
    for (const shape of shapes) {
      const expected = kernelCase.run(referenceBackend, shape, numbersFrom(5));
      // The reference is float64: what float32 loses is part of the difference.
      expect(difference(await computed(backend!, kernelCase, shape), expected)).toBeLessThan(1e-5);
    }
  });

  it.each(products)('compute $title over long sums', async kernelCase => {
    for (const shape of [
      { batch: 7, inputs: 1301, outputs: 3 },
      { batch: 1301, inputs: 5, outputs: 9 },
      { batch: 6, inputs: 17, outputs: 1301 },
    ]) {
      const expected = kernelCase.run(referenceBackend, shape, numbersFrom(3));
      let written: readonly (Matrix | Scalar)[] = [];
      const program = backend!.record(() => (written = kernelCase.run(backend!, shape, numbersFrom(3))));
      await program();
      await backend!.fetch(written.map(result => ('rows' in result ? result.values : result)));
      expect(difference(written, expected)).toBeLessThan(1e-5);
    }
  });
});
