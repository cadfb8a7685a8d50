import type { NumberField } from './fields.ts';

/** The range of a number field in words, as messages and forms show it. */
export function rangeText({ min, max, open, integer }: NumberField): string {
  const kind = integer ? 'a whole number' : 'a number';
  if (open) return `${kind} above ${String(min)}, at most ${String(max)}`;
  return max === 1 - Number.EPSILON
    ? `${kind} from 0 up to, but not including, 1`
    : `${kind} from ${String(min)} to ${String(max)}`;
}
