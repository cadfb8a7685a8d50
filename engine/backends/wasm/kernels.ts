import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { EngineError } from '../../model/errors.ts';
import { widens } from './widening.ts';

/** What the compiled kernels offer. */
export interface KernelExports {
  /** Carries out instructions, see `assembly/index.ts`. */
  readonly run: (tape: number, length: number, threads: number) => void;
  /** The life of a thread beside the first; ends with the backend. */
  readonly serve: () => void;
  /** The benchmark's measure of what this machine can do at most; returns how many operations it was. */
  readonly multiplyInCache: (address: number, depth: number, times: number) => number;
}

/** Kernels compiled for this runtime. */
export interface Kernels {
  readonly module: WebAssembly.Module;
  /** The kernels over this memory. */
  instantiate(memory: WebAssembly.Memory): KernelExports;
  /** Whether products and sums are fused, in one rounding: twice the speed where the processor can. */
  readonly fused: boolean;
  /** Numbers that a vector of the processor's holds in the multiplications: 8 where the runtime joins two vectors, otherwise 4. */
  readonly lanes: 4 | 8;
}

/** Beside this file, or beside the bundle that this file has become part of. */
const folder = new URL('kernels/', import.meta.url);

export const workerFile = new URL('worker.mjs', folder);

let loaded: Kernels | undefined;

/** The fastest kernels that this runtime can run. Throws `backend-unavailable`. */
export function loadKernels(): Kernels {
  return (loaded ??= load());
}

function load(): Kernels {
  const narrow = loadFusedKernels();
  if (!narrow) return loadPlainKernels();
  const wide = new WebAssembly.Module(read('wide.wasm'));
  return widens(narrow.module, wide) ? kernelsOf(wide, true, 8) : narrow;
}

/** The kernels for runtimes with relaxed SIMD; nothing where there is none. */
export function loadFusedKernels(): Kernels | undefined {
  const bytes = read('relaxed.wasm');
  // Node 20 has relaxed SIMD, but asks to be told.
  if (!WebAssembly.validate(bytes)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(bytes) ? kernelsOf(new WebAssembly.Module(bytes), true, 4) : undefined;
}

/** The kernels for runtimes without relaxed SIMD, rounding products and sums one by one. Throws `backend-unavailable`. */
export function loadPlainKernels(): Kernels {
  const bytes = read('simd.wasm');
  if (!WebAssembly.validate(bytes))
    throw new EngineError(
      'backend-unavailable',
      'This runtime has no WebAssembly SIMD or no threads. Use Node.js 20 or newer, or the backend "reference".',
    );
  return kernelsOf(new WebAssembly.Module(bytes), false, 4);
}

const kernelsOf = (module: WebAssembly.Module, fused: boolean, lanes: Kernels['lanes']): Kernels => ({
  module,
  fused,
  lanes,
  instantiate: memory => {
    const { run, serve, multiplyInCache } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    // The names and types that `assembly/index.ts` exports.
    return { run, serve, multiplyInCache } as KernelExports;
  },
});

function read(name: string): Uint8Array<ArrayBuffer> {
  const file = new URL(name, folder);
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new EngineError(
      'backend-unavailable',
      `The WebAssembly kernels are missing (${file.pathname}). Build them with "npm run build", or install the extension again.`,
      undefined,
      { cause: error },
    );
  }
}
