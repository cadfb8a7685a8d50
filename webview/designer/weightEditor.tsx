import { useEffect, useRef } from 'preact/hooks';
import { t } from '../kit/language.ts';
import { TextField } from '../kit/textField.tsx';
import { titleOf, valuesAt } from './hitValues.ts';
import { nameOf } from './selection.ts';
import type { Designer } from './state.ts';
import type { CardProps } from './valueCard.tsx';
import { beginningText, numberProblem, setWeight } from './weightEdits.ts';

/** `hit` is an edge, or a node whose bias is meant. */
interface WeightEditorProps extends CardProps {
  readonly designer: Designer;
  readonly onClose: () => void;
}

/** The field of a weight that has been pressed: type a number, Enter. */
export function WeightEditor({ designer, live, network, hit, left, top, onClose }: WeightEditorProps) {
  const card = useRef<HTMLDivElement>(null);
  // What it was when it was pressed: a running training must not write into a field that is being typed in.
  const before = useRef(valueAt({ live, network, hit }));
  useEffect(() => {
    const field = card.current?.querySelector<HTMLInputElement>('vscode-text-field');
    requestAnimationFrame(() => {
      field?.focus();
      field?.select();
    });
    const press = (event: Event) => {
      if (!card.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener('pointerdown', press, true);
    return () => window.removeEventListener('pointerdown', press, true);
  }, []);
  const { picture, layers } = network;
  const column = picture.columns[hit.column];
  const output = hit.node.unit;
  if (column?.kind !== 'layer' || output === undefined) return null;
  const title = titleOf(network, hit);
  const label = hit.from ? t('Weight of {0}', title) : t('Bias of {0}', title);
  const commit = (text: string) => {
    const layerId = nameOf(layers, column.path);
    const value = Number(text);
    setWeight(designer, { layerId, output, ...(hit.from?.unit !== undefined && { input: hit.from.unit }), value });
  };
  const note = beginningText(designer);
  return (
    <div
      class="value-card weight-editor"
      style={{ left: `${left}px`, top: `${top}px` }}
      ref={card}
      role="dialog"
      aria-label={label}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key !== 'Escape' && event.key !== 'Enter') return;
        onClose();
        document.querySelector<SVGElement>('svg.network')?.focus();
      }}
      data-testid="weight-editor"
    >
      <div class="title">{title}</div>
      <TextField
        label={label}
        value={String(before.current ?? '')}
        check={numberProblem}
        onCommit={commit}
        testId="weight-field"
      />
      {note !== undefined && <div class="note">{note}</div>}
    </div>
  );
}

function valueAt({ live, network, hit }: Pick<CardProps, 'live' | 'network' | 'hit'>): number | undefined {
  const wanted = hit.from ? t('weight') : t('bias');
  return valuesAt(network, live.state.sample, hit).find(({ word }) => word === wanted)?.value;
}
