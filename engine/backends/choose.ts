import { availableParallelism } from 'node:os';
import type { BackendName } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { Backend } from './backend.ts';
import { referenceBackend } from './reference/reference.ts';
import { WasmBackend } from './wasm/wasm.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why it was taken, in words for the user. */
  readonly reason: string;
}

/**
 * Makes the backend a model asks for; whoever asked closes it. `threads` is the most that it may use, by default one for
 * each core. Throws `backend-unavailable`.
 */
export function chooseBackend(name: BackendName, threads: number = availableParallelism()): ChosenBackend {
  switch (name) {
    case 'auto':
      return fastest(threads);
    case 'reference':
      return { backend: referenceBackend, reason: 'asked for' };
    case 'wasm':
      return { backend: new WasmBackend(threads), reason: 'asked for' };
    case 'gpu':
      throw new EngineError(
        'backend-unavailable',
        'The backend "gpu" is not part of this version. Use "auto", "wasm" or "reference".',
      );
  }
}

function fastest(threads: number): ChosenBackend {
  try {
    return { backend: new WasmBackend(threads), reason: 'the fastest on a CPU' };
  } catch (error) {
    const { message } = EngineError.from(error);
    return { backend: referenceBackend, reason: `WebAssembly cannot be used here: ${message}` };
  }
}
