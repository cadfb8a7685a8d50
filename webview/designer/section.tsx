import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../kit/button.tsx';

interface SectionProps {
  readonly title: string;
  /** Shown beside the title while the section is folded. */
  readonly summary: string;
  readonly initiallyOpen: boolean;
  readonly children: ComponentChildren;
}

/** A part of the inspector that folds, as VS Code's views do. */
export function Section({ title, summary, initiallyOpen, children }: SectionProps) {
  const [open, setOpen] = useState(initiallyOpen);
  return (
    <section class="section">
      <button type="button" class="h" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
        {title}
        {!open && <span class="summary muted">{summary}</span>}
      </button>
      {open && <div class="body">{children}</div>}
    </section>
  );
}
