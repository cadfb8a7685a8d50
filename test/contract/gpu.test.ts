import { afterAll, describe, expect, it } from 'vitest';
import { GpuBackend } from '../../engine/backends/gpu/gpuBackend.ts';
import { openedDawn } from '../support/dawn.ts';
import { differenceOn, longSums, shapes, summaryCases } from './deviceCases.ts';
import { kernelCases, products } from './kernelCases.ts';

const { device, missing } = await openedDawn();
const backend = device && new GpuBackend(device);
afterAll(() => backend?.close());

describe.skipIf(!backend)(`the kernels of the GPU${missing}`, () => {
  it.each([...kernelCases, ...summaryCases])(
    'compute $title as the reference does, whatever the shape',
    async kernelCase => {
      for (const size of shapes) expect(await differenceOn(backend!, kernelCase, size)).toBeLessThan(1e-5);
    },
  );

  it.each([...products, ...summaryCases])('compute $title over long sums', async kernelCase => {
    for (const size of longSums) expect(await differenceOn(backend!, kernelCase, size)).toBeLessThan(1e-5);
  });
});
