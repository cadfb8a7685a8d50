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
  | 'data';

/** One step into the JSON: a key, or an index of a list. */
export type JsonPath = readonly (string | number)[];

/** A change of one value that mends an issue. */
export interface IssueFix {
  readonly title: string;
  readonly path: JsonPath;
  /** What shall stand there; a place just after the end of a list gets a new item. */
  readonly value: string | number | boolean | Readonly<Record<string, string | number>>;
}

/** What is wrong, before it has a place in the text. */
export interface Finding {
  readonly code: IssueCode;
  readonly severity: 'error' | 'warning';
  /** What is wrong and what to do, as sentences. */
  readonly message: string;
  readonly path: JsonPath;
  readonly fix?: IssueFix | undefined;
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
