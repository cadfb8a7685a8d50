import type { BackendName } from '../model/dataFields.ts';
import { EngineError } from '../model/errors.ts';
import type { Backend } from './backend.ts';
import { referenceBackend } from './reference/reference.ts';

export interface ChosenBackend {
  readonly backend: Backend;
  /** Why it was taken, in words for the user. */
  readonly reason: string;
}

/** Takes the backend a model asks for. Throws `backend-unavailable`. */
export function chooseBackend(name: BackendName): ChosenBackend {
  switch (name) {
    case 'auto':
      return { backend: referenceBackend, reason: 'the only backend of this version' };
    case 'reference':
      return { backend: referenceBackend, reason: 'asked for' };
    case 'wasm':
    case 'gpu':
      throw new EngineError(
        'backend-unavailable',
        `The backend "${name}" is not part of this version. Use "auto" or "reference".`,
      );
  }
}
