import type { NumberField as NumberRow } from '../../engine/model/fields.ts';

/** Whether a text is a number that the field can hold. */
export function isWithin({ min, max, open, integer }: NumberRow, text: string): boolean {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || (integer && !Number.isInteger(value))) return false;
  return (open ? value > min : value >= min) && value <= max;
}
