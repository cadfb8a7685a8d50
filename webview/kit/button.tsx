import './toolkit.ts';
import { h, type ComponentChildren } from 'preact';

interface ButtonProps {
  readonly onPress: () => void;
  readonly children: ComponentChildren;
  readonly appearance?: 'primary' | 'secondary';
  readonly disabled?: boolean;
  readonly title?: string;
  readonly testId?: string;
}

/** A button with a text. */
export function Button({ onPress, children, appearance = 'secondary', disabled = false, title, testId }: ButtonProps) {
  return h(
    'vscode-button',
    { appearance, disabled, title, onClick: disabled ? undefined : onPress, 'data-testid': testId },
    children,
  );
}

interface IconButtonProps {
  readonly icon: string;
  /** What the button does; shown on hover and read aloud. */
  readonly label: string;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly testId?: string;
}

/** A button with a codicon alone. */
export function IconButton({ icon, label, onPress, disabled = false, pressed, testId }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`btn icon${pressed ? ' on' : ''}`}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onPress}
      data-testid={testId}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A codicon; decoration only, so the text beside it must say the same. */
export function Icon({ name, class: extra = '' }: { readonly name: string; readonly class?: string }) {
  return <span class={`codicon codicon-${name} ${extra}`} aria-hidden="true" />;
}
