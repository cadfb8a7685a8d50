import './toolkit.ts';
import { h } from 'preact';

interface CheckboxProps {
  readonly label: string;
  readonly value: boolean;
  readonly onCommit: (value: boolean) => void;
  readonly disabled?: boolean;
}

export function Checkbox({ label, value, onCommit, disabled = false }: CheckboxProps) {
  return h('vscode-checkbox', {
    'aria-label': label,
    title: label,
    checked: value,
    disabled,
    onChange: (event: Event) => {
      const { checked } = event.currentTarget as HTMLInputElement;
      // The element also tells of changes that came from outside.
      if (checked !== value) onCommit(checked);
    },
  });
}
