import type { NumberField as NumberRow } from '../../engine/model/fields.ts';
import { rangeText } from '../../engine/model/ranges.ts';
import { t, tableText } from './language.ts';
import { isWithin } from './numberRange.ts';
import { TextField } from './textField.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly field: NumberRow;
  /** A number, or the word for several that differ. */
  readonly value: number | string;
  readonly onCommit: (value: number) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

/** A number in the range of its field. */
export function NumberField({ label, field, value, onCommit, disabled = false, testId }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      value={String(value)}
      check={text => (isWithin(field, text) ? undefined : t('Must be {0}.', rangeText(field)))}
      onCommit={text => onCommit(Number(text))}
      disabled={disabled}
      hint={`${tableText(field.description)} ${capitalize(rangeText(field))}.`}
      {...(testId !== undefined && { testId })}
    />
  );
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
