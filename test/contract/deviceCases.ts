import type { Matrix, Scalar } from '../../engine/backends/backend.ts';
import type { GpuBackend } from '../../engine/backends/gpu/gpuBackend.ts';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import { difference, numbersFrom, type KernelCase, type Size } from './kernelCases.ts';

/** Shapes that meet every edge of a kernel. */
export const shapes: readonly Size[] = [
  { batch: 1, inputs: 1, outputs: 1 },
  { batch: 3, inputs: 9, outputs: 2 },
  { batch: 33, inputs: 17, outputs: 16 },
  { batch: 5, inputs: 70, outputs: 129 },
];

/** Sums longer than gpu.js unrolls or bounds by itself. */
export const longSums: readonly Size[] = [
  { batch: 7, inputs: 1301, outputs: 3 },
  { batch: 1301, inputs: 5, outputs: 9 },
  { batch: 6, inputs: 17, outputs: 1301 },
];

/** Runs a case on a device and brings what it wrote home. The largest difference from the reference, which is float64: what float32 loses is part of it. */
export async function differenceOn(gpu: GpuBackend, { run }: KernelCase, size: Size): Promise<number> {
  let written: readonly (Matrix | Scalar)[] = [];
  const program = gpu.record(() => {
    written = run(gpu, size, numbersFrom(5));
  });
  await program();
  await gpu.fetch(written.map(result => ('rows' in result ? result.values : result)));
  return difference(written, run(referenceBackend, size, numbersFrom(5)));
}
