import { useEffect, useRef } from 'preact/hooks';
import type { Layer } from '../../engine/model/schema.ts';
import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import { TextField } from '../kit/textField.tsx';
import type { Picture } from './geometry.ts';
import type { Hit } from './hitTest.ts';
import { samplesOf } from './liveColumns.ts';
import { nameOf } from './selection.ts';
import type { Designer, LiveState } from './state.ts';
import { titleOf, valuesOf } from './valueCard.tsx';
import { numberProblem, setWeight } from './weightEdits.ts';

interface WeightEditorProps {
  readonly designer: Designer;
  readonly live: Store<LiveState>;
  readonly picture: Picture;
  readonly layers: readonly Layer[];
  readonly inputNames: readonly string[];
  /** An edge, or a node whose bias is meant. */
  readonly hit: Hit;
  readonly left: number;
  readonly top: number;
  readonly onClose: () => void;
}

/** The field of a weight that has been pressed: type a number, Enter. */
export function WeightEditor(props: WeightEditorProps) {
  const { designer, live, picture, layers, inputNames, hit, left, top, onClose } = props;
  const card = useRef<HTMLDivElement>(null);
  // What it was when it was pressed: a running training must not write into a field that is being typed in.
  const before = useRef(valueAt(live, picture, layers, hit));
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
  const column = picture.columns[hit.column];
  const output = hit.node.unit;
  if (column?.kind !== 'layer' || output === undefined) return null;
  const title = titleOf(picture, layers, inputNames, hit);
  const label = hit.from ? t('Weight of {0}', title) : t('Bias of {0}', title);
  const commit = (text: string) => {
    const layerId = nameOf(layers, column.path);
    const value = Number(text);
    setWeight(designer, { layerId, output, ...(hit.from?.unit !== undefined && { input: hit.from.unit }), value });
  };
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
      {designer.store.state.runState === 'idle' && (
        <div class="note">{t('A new training begins with it and stands still.')}</div>
      )}
    </div>
  );
}

function valueAt(live: Store<LiveState>, picture: Picture, layers: readonly Layer[], hit: Hit): number | undefined {
  const own = samplesOf(picture, layers, live.state.sample)[hit.column];
  return own && valuesOf(picture, own, hit).find(({ word }) => word === (hit.from ? t('weight') : t('bias')))?.value;
}
