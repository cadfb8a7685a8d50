import { t } from '../kit/language.ts';
import { countText, figureText } from '../kit/numberText.ts';
import { useStore } from '../kit/store.ts';
import type { Designer, LiveState, ViewState } from './state.ts';

interface LegendProps {
  readonly designer: Designer;
  readonly state: Pick<ViewState, 'host' | 'runState'>;
}

/** What colour and width of an edge mean, and whose weights they are. */
export function Legend({ designer, state }: LegendProps) {
  const live = useStore(designer.live);
  const { sample } = live;
  const largest = Math.max(0, ...(sample?.layers ?? []).map(({ largestWeight }) => largestWeight));
  if (!sample || largest === 0) return null;
  const figure = figureText(largest, 2);
  return (
    <div class="legend tick" data-testid="legend">
      <div class="key">
        <svg width="126" height="24" aria-hidden="true">
          <path class="minus" d="M2 7h18" stroke-width="4" />
          <path class="minus" d="M28 7h16" stroke-width="1.6" opacity=".6" />
          <path class="none" d="M52 7h16" stroke-width=".8" />
          <path class="plus" d="M76 7h16" stroke-width="1.6" opacity=".6" />
          <path class="plus" d="M100 7h18" stroke-width="4" />
          <text class="tick" x="2" y="22">
            −{figure}
          </text>
          <text class="tick" x="60" y="22" text-anchor="middle">
            0
          </text>
          <text class="tick" x="124" y="22" text-anchor="end">
            +{figure}
          </text>
        </svg>
        <span class="words">
          <span>{t('weight')}</span>
          <span class="dot" aria-hidden="true" />
          <span>{t('bias')}</span>
          <span class="ring" aria-hidden="true" />
          <span>
            {sample.layers.some(({ pictures }) => pictures.length > 0) ? t('output over the inputs') : t('mean output')}
          </span>
        </span>
      </div>
      <span class="whose" data-testid="weights-of" data-origin={live.origin}>
        {whoseWeights(live, state)}
      </span>
    </div>
  );
}

/** `Step 240 · epoch 8`, and before the first training whose weights there are to see. */
export function whoseWeights({ sample, origin }: LiveState, { host, runState }: LegendProps['state']): string {
  if (origin === 'first') return t('First weights, of seed {0}; not trained yet', host?.model?.seed ?? '');
  const [step, epoch] = [countText(sample?.step ?? 0), countText(sample?.epoch ?? 0)];
  return runState === 'idle'
    ? t('Last run · step {0} · epoch {1}', step, epoch)
    : t('Step {0} · epoch {1}', step, epoch);
}
