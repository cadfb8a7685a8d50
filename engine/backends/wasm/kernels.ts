import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { EngineError } from '../../model/errors.ts';

/** What the compiled kernels offer. */
export interface KernelExports {
  /** Carries out instructions, see `assembly/index.ts`. */
  readonly run: (tape: number, length: number, threads: number) => void;
  /** The life of a thread beside the first; ends with the backend. */
  readonly serve: () => void;
  /** The benchmark's measure of what this machine can do at most. */
  readonly multiplyInCache: (address: number, depth: number, times: number) => void;
}

/** Kernels compiled for this runtime. */
export interface Kernels {
  readonly module: WebAssembly.Module;
  /** The kernels over this memory. */
  instantiate(memory: WebAssembly.Memory): KernelExports;
  /** Whether products and sums are fused, in one rounding: twice the speed where the processor can. */
  readonly fused: boolean;
}

/** Beside this file, or beside the bundle that this file has become part of. */
const folder = new URL('kernels/', import.meta.url);

export const workerFile = new URL('worker.mjs', folder);

let loaded: Kernels | undefined;

/** The kernels, with relaxed SIMD where the runtime has it. Throws `backend-unavailable`. */
export function loadKernels(): Kernels {
  return (loaded ??= load());
}

function load(): Kernels {
  const relaxed = read('relaxed.wasm');
  // Node 20 has relaxed SIMD, but asks to be told.
  if (!WebAssembly.validate(relaxed)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(relaxed) ? compile(relaxed, true) : loadPlainKernels();
}

/** The kernels for runtimes without relaxed SIMD. Throws `backend-unavailable`. */
export const loadPlainKernels = (): Kernels => compile(read('simd.wasm'), false);

function compile(bytes: Uint8Array<ArrayBuffer>, fused: boolean): Kernels {
  if (!WebAssembly.validate(bytes))
    throw new EngineError(
      'backend-unavailable',
      'This runtime has no WebAssembly SIMD or no threads. Use Node.js 20 or newer, or the backend "reference".',
    );
  const module = new WebAssembly.Module(bytes);
  return {
    module,
    fused,
    instantiate: memory => {
      const { run, serve, multiplyInCache } = new WebAssembly.Instance(module, { env: { memory } }).exports;
      // The names and types that `assembly/index.ts` exports.
      return { run, serve, multiplyInCache } as KernelExports;
    },
  };
}

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
