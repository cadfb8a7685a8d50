/** Codes of everything that can be wrong with a model file. Public: never renamed, never reused. */
export type IssueCode =
  | 'syntax'
  | 'comment'
  | 'trailing-comma'
  | 'too-large'
  | 'too-deep'
  | 'duplicate-key'
  | 'unknown-key'
  | 'invalid-value'
  | 'duplicate-layer'
  | 'shape-mismatch'
  | 'loss-activation'
  | 'softmax-position'
  | 'step-backpropagation'
  | 'output-layer'
  | 'batch-norm'
  | 'split-too-large'
  | 'memory-limit'
  | 'data'
  | DiagnosisCode;

/** What a pass on real data before the training, or a look at the training, can find. Public as well. */
export type DiagnosisCode =
  | 'unnormalized-inputs'
  | 'constant-column'
  | 'leaking-column'
  | 'class-imbalance'
  | 'zero-weights'
  | 'dead-units'
  | 'saturated-units'
  | 'vanishing-gradient'
  | 'exploding-gradient'
  | 'learning-rate'
  | 'not-finite'
  | 'overfitting'
  | 'plateau';

/** One step into the JSON: a key, or an index of a list. */
export type JsonPath = readonly (string | number)[];

/** A change of one value that mends an issue. */
export interface IssueFix {
  readonly title: string;
  readonly path: JsonPath;
  /** What shall stand there; a place just after the end of a list gets a new item. */
  readonly value: string | number | boolean | Readonly<Record<string, string | number>>;
}

/** JSON, as it is written into a model. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One change of the model's text, as `ModelEdit` has it. */
export type ValueEdit =
  | { readonly kind: 'setValue'; readonly path: JsonPath; readonly value: JsonValue }
  | { readonly kind: 'removeValue'; readonly path: JsonPath };

/** A change of the model that mends an illness, in one undo step. */
export interface Remedy {
  readonly title: string;
  readonly edits: readonly ValueEdit[];
}

/** What is wrong, before it has a place in the text. */
export interface Finding {
  readonly code: IssueCode;
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to do, as sentences. */
  readonly message: string;
  readonly path: JsonPath;
  readonly fix?: IssueFix | undefined;
  /** Ways to mend it, the best one first. */
  readonly remedies?: readonly Remedy[] | undefined;
}

/** A finding with its place in the text; line and column count from 1, offset from 0. */
export interface Issue extends Finding {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
}

/** `layers[1].units`, as messages name a place in the model. */
export const pathText = (path: JsonPath): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${String(part)}]` : i === 0 ? part : `.${part}`)).join('');

/** One line as `validate` prints it. */
export const issueLine = (file: string, { line, column, severity, code, message }: Issue): string =>
  `${file}:${String(line)}:${String(column)} ${severity} ${code} ${message}`;
