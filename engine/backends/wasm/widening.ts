import { setFlagsFromString } from 'node:v8';

/** What the probe calls of the kernels. */
interface Multiplication {
  readonly multiplyInCache: (address: number, depth: number, times: number) => number;
}

/**
 * Whether this runtime makes one vector of 8 numbers of two vectors of 4 that lie side by side, as V8 can on x64 processors with AVX2 once it is told to.
 * Then `wide`, whose blocks only fit the registers that way, multiplies about twice as fast as `narrow`; otherwise it is the slower one. No runtime tells, so
 * both are measured for a moment, and what `wide` computes is looked at too. The results of both have the same bits.
 *
 * Where the answer is yes, the runtime stays told: it compiles functions when they are first called, or called often.
 */
export function widens(narrow: WebAssembly.Module, wide: WebAssembly.Module): boolean {
  // A runtime that was built without it complains of the flag.
  if (!('v8_enable_wasm_simd256_revec' in process.config.variables)) return false;
  // Only what the optimizing compiler makes shows it, and that would come later by itself.
  setFlagsFromString('--no-liftoff');
  try {
    const before = speedOf(narrow);
    setFlagsFromString('--experimental-wasm-revectorize');
    const isWider = speedOf(wide) > 1.2 * before && multipliesRightly(wide);
    if (!isWider) setFlagsFromString('--no-experimental-wasm-revectorize');
    return isWider;
  } finally {
    setFlagsFromString('--liftoff');
  }
}

const depth = 64;
const address = 4096;

/** Operations a millisecond, at best. */
function speedOf(module: WebAssembly.Module): number {
  const { multiplyInCache } = start(module).kernels;
  let best = 0;
  for (let round = 0; round < 8; round++) {
    const started = performance.now();
    const operations = multiplyInCache(address, depth, 200);
    best = Math.max(best, operations / (performance.now() - started));
  }
  return best;
}

/** c[6, 16] = Σ_k a[:, k] b[k, :] of whole numbers, so small that every rounding is exact. */
function multipliesRightly(wide: WebAssembly.Module): boolean {
  const { kernels, numbers } = start(wide);
  const a = address / 4;
  const b = a + depth * 6 + 16;
  const c = b + depth * 16 + 16;
  for (let i = 0; i < depth * 6; i++) numbers[a + i] = ((i * 7) % 19) - 9;
  for (let i = 0; i < depth * 16; i++) numbers[b + i] = ((i * 5) % 23) - 11;
  kernels.multiplyInCache(address, depth, 1);
  for (let row = 0; row < 6; row++)
    for (let column = 0; column < 16; column++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += (numbers[a + k * 6 + row] ?? NaN) * (numbers[b + k * 16 + column] ?? NaN);
      if (numbers[c + row * 16 + column] !== sum) return false;
    }
  return true;
}

function start(module: WebAssembly.Module): { readonly kernels: Multiplication; readonly numbers: Float32Array } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { multiplyInCache } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  // The name and type that `assembly/index.ts` exports.
  return { kernels: { multiplyInCache } as Multiplication, numbers: new Float32Array(memory.buffer) };
}
