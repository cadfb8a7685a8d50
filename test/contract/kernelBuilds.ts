import { setFlagsFromString } from 'node:v8';
import { loadFusedKernels, loadKernels, loadPlainKernels } from '../../engine/backends/wasm/kernels.ts';

const kernels = [loadKernels(), loadFusedKernels(), loadPlainKernels()].filter(build => build !== undefined);

// What trains for long is what the optimizing compiler makes: here it makes everything.
setFlagsFromString('--no-liftoff');

/** Every build of the kernels that runs here, the fastest first. */
export const kernelBuilds = kernels.map(build => ({
  title: `${build.fused ? 'with' : 'without'} fused multiply-add, in vectors of ${String(build.lanes)}`,
  kernels: build,
}));
