/**
 * Field tables: one row a field. The schema, the defaults, the forms and the documentation all read
 * these rows, so that a field has one range, one default and one explanation.
 */

/** The three published variants of each update rule; see `optimizerFields`. */
export const optimizerForms = ['article', 'pytorch', 'keras'] as const;
export type OptimizerForm = (typeof optimizerForms)[number];

/** A finite number within [min, max], or (min, max] when `open`. */
export interface NumberField {
  readonly kind: 'number';
  readonly default: number;
  /** Defaults that differ in one form of an optimizer. */
  readonly formDefaults?: Partial<Readonly<Record<OptimizerForm, number>>>;
  readonly min: number;
  readonly max: number;
  /** Excludes `min` itself. */
  readonly open?: boolean;
  readonly integer?: boolean;
  /** A slider over decades rather than over values. */
  readonly logarithmic?: boolean;
  /** The symbol the article uses. */
  readonly symbol?: string;
  readonly description: string;
}

export interface ChoiceField<Value extends string = string> {
  readonly kind: 'choice';
  readonly default: Value;
  readonly values: readonly Value[];
  readonly description: string;
}

export interface FlagField {
  readonly kind: 'flag';
  readonly default: boolean;
  readonly description: string;
}

export type Field = NumberField | ChoiceField | FlagField;
export type FieldTable = Readonly<Record<string, Field>>;

type NumberOptions = Partial<Omit<NumberField, 'kind' | 'default' | 'description'>>;

const number = (fallback: number, description: string, options: NumberOptions): NumberField => ({
  kind: 'number',
  default: fallback,
  min: -Infinity,
  max: Infinity,
  description,
  ...options,
});

/** A number above 0. */
export const positive = (fallback: number, description: string, options: NumberOptions = {}): NumberField =>
  number(fallback, description, { min: 0, open: true, max: 1e6, ...options });

/** A number from 0 on. */
export const nonNegative = (fallback: number, description: string, options: NumberOptions = {}): NumberField =>
  number(fallback, description, { min: 0, max: 1e6, ...options });

/** A number in [0, 1). */
export const fraction = (fallback: number, description: string, options: NumberOptions = {}): NumberField =>
  number(fallback, description, { min: 0, max: 1 - Number.EPSILON, ...options });

/** A whole number from `min` to `max`. */
export const count = (
  fallback: number,
  min: number,
  max: number,
  description: string,
  options: NumberOptions = {},
): NumberField => number(fallback, description, { min, max, integer: true, ...options });

export const choice = <const Value extends string>(
  values: readonly Value[],
  fallback: NoInfer<Value>,
  description: string,
): ChoiceField<Value> => ({ kind: 'choice', default: fallback, values, description });

export const flag = (fallback: boolean, description: string): FlagField => ({
  kind: 'flag',
  default: fallback,
  description,
});

/** The default of `field` under an optimizer's `form`. */
export const defaultOf = (field: Field, form: OptimizerForm = 'article'): number | string | boolean =>
  field.kind === 'number' ? (field.formDefaults?.[form] ?? field.default) : field.default;

/** What a form calls a field: `learningRate` → `Learning rate`. */
export const labelOf = (name: string): string => {
  const words = name.replaceAll(/([a-z])([A-Z])|([a-z]{2})(\d)/g, '$1$3 $2$4').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
