import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface MenuProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly label: string;
  readonly title: string;
  readonly disabled: boolean;
  readonly testId: string;
  /** What the button shows. */
  readonly face: ComponentChildren;
  /** The class of the button beside `btn`. */
  readonly kind?: string;
  readonly children: ComponentChildren;
}

/** A button with a list under it: arrows move, Enter chooses, Escape closes and gives the focus back. */
export function Menu({ open, onOpen, label, title, disabled, testId, face, kind = '', children }: MenuProps) {
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])];
  useLayoutEffect(() => {
    if (open) items()[0]?.focus();
  }, [open]);
  const close = () => {
    onOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (step === undefined) return;
    else {
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      all.at((at + step) % all.length)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="menu-holder"
      onFocusOut={event => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) onOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        class={`btn ${kind}`}
        disabled={disabled}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={title}
        onClick={() => onOpen(!open)}
        data-testid={testId}
      >
        {face}
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={label} ref={list} onKeyDown={move} onClick={close}>
          {children}
        </div>
      )}
    </div>
  );
}

interface MenuItemProps {
  readonly onChoose: () => void;
  readonly disabled?: boolean;
  readonly testId?: string;
  readonly children: ComponentChildren;
}

export function MenuItem({ onChoose, disabled = false, testId, children }: MenuItemProps) {
  return (
    <button type="button" role="menuitem" class="item" disabled={disabled} onClick={onChoose} data-testid={testId}>
      {children}
    </button>
  );
}
