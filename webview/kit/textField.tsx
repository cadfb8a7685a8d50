import './toolkit.ts';
import { h } from 'preact';
import { useState } from 'preact/hooks';
import { useLabel } from './useLabel.ts';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** What is wrong with a text; undefined when it may be sent. */
  readonly check: (text: string) => string | undefined;
  readonly onCommit: (text: string) => void;
  readonly disabled?: boolean;
  /** Shown on hover. */
  readonly hint?: string;
  readonly testId?: string;
}

/**
 * A text the user can type. It is sent on Enter and when the field is left. An invalid text stays
 * visible, marked, and is never sent; Escape brings the old one back.
 */
export function TextField({ label, value, check, onCommit, disabled = false, hint, testId }: TextFieldProps) {
  const [draft, setDraft] = useState<string | undefined>();
  const element = useLabel<HTMLInputElement>(label);
  const text = draft ?? value;
  const problem = draft === undefined ? undefined : check(draft);

  const commit = () => {
    if (draft === undefined || problem !== undefined) return;
    setDraft(undefined);
    if (draft !== value) onCommit(draft);
  };

  return (
    <div class="text-field">
      {h('vscode-text-field', {
        ref: element,
        class: problem === undefined ? '' : 'invalid',
        'aria-invalid': problem === undefined ? 'false' : 'true',
        title: problem ?? hint,
        value: text,
        disabled,
        'data-testid': testId,
        onInput: (event: Event) => setDraft((event.currentTarget as HTMLInputElement).value),
        onBlur: commit,
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(undefined);
        },
      })}
      {problem !== undefined && (
        <div class="note errc" role="alert">
          {problem}
        </div>
      )}
    </div>
  );
}
