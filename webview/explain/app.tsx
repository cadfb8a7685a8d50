import { useEffect, useState } from 'preact/hooks';
import type { Channel } from '../../engine/protocol/channel.ts';
import { phases, type Phase, type StepExplanation } from '../../engine/protocol/explanation.ts';
import type { ExplainToHost } from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import { useStore, type Store } from '../kit/store.ts';
import type { TracedWeight } from './chainRule.ts';
import { StepTable } from './stepTable.tsx';
import { Toolbar } from './toolbar.tsx';
import { TracePane } from './tracePane.tsx';

export interface ExplainState {
  readonly title: string;
  readonly explanation: StepExplanation | null;
  /** Why there is no explanation; '' where there is. */
  readonly failure: string;
  /** The operation at hand. */
  readonly current: number;
  readonly waiting: boolean;
}

export type ExplainHost = Channel<ExplainToHost, object>;

interface AppProps {
  readonly store: Store<ExplainState>;
  readonly host: ExplainHost;
}

export function App({ store, host }: AppProps) {
  const { title, explanation, failure, current, waiting } = useStore(store);
  const [digits, setDigits] = useState(3);
  const [chosen, setChosen] = useState<TracedWeight>();
  const operation = explanation?.operations[current];
  const layerId = operation?.layerId ?? '';
  useEffect(() => {
    if (layerId !== '') void host.highlight.asEvent(layerId);
  }, [layerId, host]);
  if (failure !== '')
    return (
      <p class="empty errc" role="alert">
        {failure}
      </p>
    );
  if (!explanation) return <p class="empty muted">{t('Computing the step…')}</p>;
  const go = (index: number) =>
    store.update({ current: Math.max(0, Math.min(explanation.operations.length - 1, index)) });
  const first = explanation.layers.find(({ type }) => type === 'dense')?.layerId ?? '';
  const known = chosen && explanation.layers.some(layer => layer.layerId === chosen.layerId);
  const traced: TracedWeight = known ? chosen : { layerId: first, row: 0, column: 0 };
  const goToPhase = (phase: Phase) => go(explanation.operations.findIndex(each => each.phase === phase));
  return (
    <div
      class="explain"
      aria-busy={waiting}
      onKeyDown={event => {
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
        if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
          event.preventDefault();
          go(current + (event.key === 'ArrowRight' ? 1 : -1));
        } else if (/^[1-4]$/.test(event.key)) goToPhase(phases[Number(event.key) - 1] ?? 'forward');
      }}
    >
      <Toolbar
        title={title}
        explanation={explanation}
        current={current}
        digits={digits}
        onDigits={setDigits}
        onGo={go}
        onPhase={goToPhase}
        onChoose={sample => void host.choose.asEvent(sample)}
      />
      {explanation.note !== undefined && <p class="note message">{explanation.note}</p>}
      <StepTable
        explanation={explanation}
        current={current}
        digits={digits}
        traced={traced}
        onGo={go}
        onTrace={setChosen}
      />
      <TracePane explanation={explanation} traced={traced} digits={digits + 1} onTrace={setChosen} />
      <div class="announcer" aria-live="polite">
        {operation ? `${operation.phase}, ${layerId === '' ? 'loss' : layerId}: ${operation.kind}` : ''}
      </div>
    </div>
  );
}
