/** Codes are part of the public interface: never renamed, never reused for something else. */
export type EngineErrorCode =
  | 'invalid-model'
  | 'invalid-data'
  | 'invalid-weights'
  | 'shape-mismatch'
  | 'memory-limit'
  | 'file-not-readable'
  | 'file-not-writable'
  | 'run-in-use'
  | 'invalid-run'
  | 'data-changed'
  | 'backend-unavailable'
  | 'device-lost'
  | 'wrong-usage'
  | 'not-running'
  | 'already-running'
  | 'diverged'
  | 'process-ended'
  | 'internal';

/** Where in a file the user should look; line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * An error the user can act on: a code, what is wrong, where, and the repair.
 * `code`, `message` and `place` survive both process boundaries.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly place: SourcePlace | undefined;

  constructor(code: EngineErrorCode, message: string, place?: SourcePlace, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.place = place;
  }

  /** Anything thrown, as an EngineError; a foreign error becomes `internal` and is kept as the cause. */
  static from(thrown: unknown): EngineError {
    if (thrown instanceof EngineError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new EngineError('internal', message, undefined, { cause: thrown });
  }

  /** One line: `file:line:column: what is wrong and what to do`. */
  get line(): string {
    return `${this.place ? `${placeText(this.place)}: ` : ''}${this.message}`;
  }
}

/** `file:line:column`, leaving out what is not known. */
export const placeText = ({ file, line, column }: SourcePlace): string =>
  [file, line, column].filter(part => part !== undefined).join(':');
