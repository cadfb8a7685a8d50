import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import { useStore } from '../kit/store.ts';
import type { Hit } from './hitTest.ts';
import { titleOf, valuesAt, type DrawnNetwork } from './hitValues.ts';
import type { LiveState } from './state.ts';

/** What a card beside the pointer is about, and where it stands. */
export interface CardProps {
  readonly live: Store<LiveState>;
  readonly network: DrawnNetwork;
  readonly hit: Hit;
  readonly left: number;
  readonly top: number;
}

/** The exact values of a node or an edge, beside the pointer. */
export function ValueCard({ live, network, hit, left, top }: CardProps) {
  const { sample } = useStore(live);
  const rows = valuesAt(network, sample, hit);
  return (
    <div class="value-card" style={{ left: `${left}px`, top: `${top}px` }} data-testid="value-card">
      <div class="title">{titleOf(network, hit)}</div>
      {rows.map(({ word, value }) => (
        <div key={word} class="value-row">
          <span class="muted">{word}</span>
          <span data-testid={`value-${word.replaceAll(' ', '-')}`}>{String(value).replace('-', '−')}</span>
        </div>
      ))}
      {rows.length === 0 && hit.column > 0 && <div class="note">{t('Train to see its values.')}</div>}
    </div>
  );
}
