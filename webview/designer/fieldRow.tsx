import type { ComponentChildren } from 'preact';
import { labelOf, type Field } from '../../engine/model/fields.ts';
import type { Issue, JsonPath } from '../../engine/model/issues.ts';
import { Checkbox } from '../kit/checkbox.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import { t, tableText } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import { Problem } from './problems.tsx';
import type { Designer } from './state.ts';

interface RowProps {
  readonly label: string;
  readonly symbol?: string | undefined;
  readonly title?: string;
  /** What is wrong with the value. */
  readonly severity?: Issue['severity'] | undefined;
  readonly children: ComponentChildren;
}

/** A word on the left, its control on the right. */
export function Row({ label, symbol, title, severity, children }: RowProps) {
  return (
    <>
      <span class="row-label" title={title} aria-hidden="true">
        {label}
        {symbol !== undefined && <span class="math symbol"> {symbol}</span>}
      </span>
      <div class={`row-control${severity ? ` ${severity}` : ''}`}>{children}</div>
    </>
  );
}

interface FieldRowProps {
  readonly designer: Designer;
  readonly name: string;
  readonly field: Field;
  readonly value: unknown;
  /** Where the value stands in the model; several places get the same value at once. */
  readonly path: JsonPath;
  readonly alsoAt?: readonly JsonPath[];
  /** The values there. */
  readonly others?: readonly unknown[];
  /** What the field belongs to, where several rows have its name. */
  readonly of?: string;
  readonly disabled: boolean;
}

/** Shown where a field stands for several values that differ. */
const mixed = t('mixed');

/** One row of a field table, with the control its kind asks for, and what is wrong with its value below it. */
export function FieldRow(props: FieldRowProps) {
  const { designer, name, field, value, path, alsoAt = [], others = [], of, disabled } = props;
  const word = tableText(labelOf(name));
  const label = of === undefined ? word : `${word} ${of}`;
  const isMixed = others.some(other => other !== value);
  const [issue] = issuesAt(designer.store.state.host?.issues ?? [], path);
  const commit = (chosen: string | number | boolean) => {
    const edits = [path, ...alsoAt].map(at => ({ kind: 'setValue' as const, path: [...at], value: chosen }));
    const [first] = edits;
    const said = `${label}: ${String(chosen)}.`;
    if (edits.length > 1) designer.edit({ kind: 'several', edits }, said);
    else if (first) designer.edit(first, said);
  };
  const common = { label, onCommit: commit, disabled };
  const testId = `inspector-${of === undefined ? '' : 'all-'}${name}`;
  return (
    <>
      <Row
        label={word}
        symbol={field.kind === 'number' ? field.symbol : undefined}
        title={tableText(field.description)}
        severity={issue?.severity}
      >
        {field.kind === 'number' && (
          <NumberField {...common} field={field} value={isMixed ? mixed : Number(value)} testId={testId} />
        )}
        {field.kind === 'choice' && (
          <Dropdown
            {...common}
            onCommit={chosen => chosen !== mixed && commit(chosen)}
            values={isMixed ? [mixed, ...field.values] : field.values}
            value={isMixed ? mixed : String(value)}
            testId={testId}
          />
        )}
        {field.kind === 'flag' && <Checkbox {...common} value={value === true} />}
      </Row>
      {issue && (
        <div class="wide">
          <Problem designer={designer} issue={issue} />
        </div>
      )}
    </>
  );
}

/** Issues of exactly this value. */
const issuesAt = (issues: readonly Issue[], path: JsonPath): readonly Issue[] =>
  issues.filter(issue => issue.path.length === path.length && issue.path.every((part, i) => part === path[i]));
