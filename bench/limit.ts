import { loadKernels } from '../engine/backends/wasm/kernels.ts';

const depth = 256;

/** What one core can do at most in WebAssembly, in GFLOP/s: the multiplication's own inner loop over operands that stay in the first-level cache. */
export function measureLimit(): number {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });
  const { multiplyInCache } = loadKernels().instantiate(memory);
  const times = 20_000;
  let best = Infinity;
  let operations = 0;
  for (let round = 0; round < 7; round++) {
    const started = performance.now();
    operations = multiplyInCache(65_536, depth, times);
    best = Math.min(best, performance.now() - started);
  }
  return operations / best / 1e6;
}
