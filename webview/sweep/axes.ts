import type { SettingValue } from '../../engine/model/experiments/variant.ts';
import { figureText } from '../kit/numberText.ts';

/** One upright axis of the plot: where each value lies, 0 at the bottom and 1 at the top, and what is written beside it. */
export interface Upright {
  readonly title: string;
  readonly at: (value: SettingValue | undefined) => number | undefined;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Values this many times apart are placed by their logarithms. */
const wide = 20;

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** An axis for these values: linear or logarithmic for numbers, one place each for anything else. */
export function upright(title: string, values: readonly SettingValue[]): Upright {
  const known = [...new Set(values.map(value => JSON.stringify(value)))];
  if (values.length > 0 && values.every(isNumber)) return numberAxis(title, values);
  const places = new Map(known.map((text, i) => [text, known.length === 1 ? 0.5 : i / (known.length - 1)]));
  return {
    title,
    at: value => places.get(JSON.stringify(value)),
    ticks: [...places].map(([text, at]) => ({ at, label: valueText(JSON.parse(text) as SettingValue) })),
  };
}

function numberAxis(title: string, values: readonly number[]): Upright {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const logarithmic = low > 0 && high / low >= wide;
  const measure = logarithmic ? Math.log : (value: number) => value;
  const share = (value: number) =>
    high === low ? 0.5 : (measure(value) - measure(low)) / (measure(high) - measure(low));
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  const distinct = [...new Set(values)];
  const shown = distinct.length <= 6 ? distinct : [low, middle, high];
  return {
    title,
    at: value => (isNumber(value) ? share(value) : undefined),
    ticks: shown.map(value => ({ at: share(value), label: figureText(value) })),
  };
}

export const valueText = (value: SettingValue | undefined): string =>
  isNumber(value) ? figureText(value, 4) : typeof value === 'string' ? value : JSON.stringify(value ?? '');
