import { availableParallelism } from 'node:os';
import type { BackendName } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { Backend } from './backend.ts';
import { referenceBackend } from './reference/reference.ts';
import { WasmBackend } from './wasm/wasm.ts';

export interface ChosenBackend {
  /** Computes here, at least what is looked at. */
  readonly backend: Backend;
  /** What computes the steps, in words for the user. */
  readonly device: string;
  /** Why it was taken, in words for the user. */
  readonly reason: string;
}

/**
 * Makes the backend that computes here for a model; whoever asked closes it. A GPU trains, but what is looked at meanwhile is computed here.
 * `threads` is the most that it may use, by default one for each core. Throws `backend-unavailable`.
 */
export function chooseBackend(name: BackendName, threads: number = availableParallelism()): ChosenBackend {
  switch (name) {
    case 'auto':
    case 'gpu':
      return fastest(threads);
    case 'reference':
      return { backend: referenceBackend, device: referenceBackend.device, reason: 'asked for' };
    case 'wasm': {
      const backend = new WasmBackend(threads);
      return { backend, device: backend.device, reason: 'asked for' };
    }
  }
}

function fastest(threads: number): ChosenBackend {
  try {
    const backend = new WasmBackend(threads);
    return { backend, device: backend.device, reason: 'the fastest on a CPU' };
  } catch (error) {
    const { message } = EngineError.from(error);
    const reason = `WebAssembly cannot be used here: ${message}`;
    return { backend: referenceBackend, device: referenceBackend.device, reason };
  }
}
