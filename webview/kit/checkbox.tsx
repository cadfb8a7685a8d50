import './toolkit.ts';
import { h } from 'preact';
import { useLabel } from './useLabel.ts';

interface CheckboxProps {
  readonly label: string;
  readonly value: boolean;
  readonly onCommit: (value: boolean) => void;
  readonly disabled?: boolean;
}

export function Checkbox({ label, value, onCommit, disabled = false }: CheckboxProps) {
  const element = useLabel<HTMLInputElement>(label);
  return h('vscode-checkbox', {
    ref: element,
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
