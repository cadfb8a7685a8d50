import type { ComponentChildren } from 'preact';
import type { Field } from '../../engine/model/fields.ts';
import type { JsonPath } from '../../engine/model/issues.ts';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { NumberField } from '../kit/numberField.tsx';
import type { Designer } from './state.ts';

/** `learningRate` → `Learning rate` */
export const labelOf = (name: string): string => {
  const words = name.replaceAll(/([a-z])([A-Z])|([a-z]{2})(\d)/g, '$1$3 $2$4').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

interface RowProps {
  readonly label: string;
  readonly symbol?: string | undefined;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A word on the left, its control on the right. */
export function Row({ label, symbol, title, children }: RowProps) {
  return (
    <>
      <span class="row-label" title={title} aria-hidden="true">
        {label}
        {symbol !== undefined && <span class="math symbol"> {symbol}</span>}
      </span>
      <div class="row-control">{children}</div>
    </>
  );
}

interface FieldRowProps {
  readonly designer: Designer;
  readonly name: string;
  readonly field: Field;
  readonly value: unknown;
  /** Where the value stands in the model. */
  readonly path: JsonPath;
  readonly disabled: boolean;
}

/** One row of a field table, with the control its kind asks for. */
export function FieldRow({ designer, name, field, value, path, disabled }: FieldRowProps) {
  const label = labelOf(name);
  const commit = (chosen: string | number | boolean) =>
    designer.edit({ kind: 'setValue', path: [...path], value: chosen }, `${label}: ${String(chosen)}.`);
  const common = { label, onCommit: commit, disabled };
  const testId = `inspector-${name}`;
  return (
    <Row label={label} symbol={field.kind === 'number' ? field.symbol : undefined} title={field.description}>
      {field.kind === 'number' && <NumberField {...common} field={field} value={Number(value)} testId={testId} />}
      {field.kind === 'choice' && <Dropdown {...common} values={field.values} value={String(value)} testId={testId} />}
      {field.kind === 'flag' && <Checkbox {...common} value={value === true} />}
    </Row>
  );
}
