import type { ComponentChildren } from 'preact';
import type { Model } from '../../engine/model/schema.ts';
import { Icon } from '../kit/button.tsx';
import { useStore } from '../kit/store.ts';
import type { Designer } from './state.ts';

/** What every section of the inspector is given. */
export interface SectionProps {
  readonly designer: Designer;
  readonly model: Model;
  readonly disabled: boolean;
  readonly initiallyOpen: boolean;
}

interface FoldProps {
  readonly designer: Designer;
  readonly title: string;
  /** Shown beside the title while the section is folded. */
  readonly summary: string;
  readonly initiallyOpen: boolean;
  readonly children: ComponentChildren;
}

/** A part of the inspector that folds, as VS Code's views do, and stays as the user has left it. */
export function Section({ designer: { store }, title, summary, initiallyOpen, children }: FoldProps) {
  const { folds } = useStore(store);
  const open = folds[title] ?? initiallyOpen;
  return (
    <section class="section">
      <button
        type="button"
        class="h"
        aria-expanded={open}
        onClick={() => store.update({ folds: { ...folds, [title]: !open } })}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} />
        {title}
        {!open && <span class="summary muted">{summary}</span>}
      </button>
      {open && <div class="body">{children}</div>}
    </section>
  );
}
