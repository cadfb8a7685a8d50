import './toolkit.ts';
import { h } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { useLabel } from './useLabel.ts';

interface DropdownProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onCommit: (value: string) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
}

/** One of several values. */
export function Dropdown({ label, value, values, onCommit, disabled = false, testId }: DropdownProps) {
  const element = useLabel<HTMLSelectElement>(label);
  useLayoutEffect(() => {
    // The element knows its options only after they have been rendered into it. Marking one of them
    // as selected instead would make it choose another by itself.
    requestAnimationFrame(() => {
      if (element.current) element.current.value = value;
    });
  }, [value, values]);
  return h(
    'vscode-dropdown',
    {
      ref: element,
      disabled,
      'data-testid': testId,
      onChange: (event: Event) => {
        const chosen = (event.currentTarget as HTMLSelectElement).value;
        // `change` comes twice for one choice, and also when the value is set from outside.
        if (chosen !== value && values.includes(chosen)) onCommit(chosen);
      },
    },
    values.map(name => h('vscode-option', { key: name, value: name }, name)),
  );
}
