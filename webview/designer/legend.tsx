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
          <text class="tick" x="11" y="22" text-anchor="middle">
            −{figure}
          </text>
          <text class="tick" x="60" y="22" text-anchor="middle">
            0
          </text>
          <text class="tick" x="109" y="22" text-anchor="middle">
            +{figure}
          </text>
        </svg>
        <span class="words">
          <span>weight</span>
          <span class="dot" aria-hidden="true" />
          <span>bias</span>
          <span class="ring" aria-hidden="true" />
          <span>
            {sample.layers.some(({ pictures }) => pictures.length > 0) ? 'output over the inputs' : 'mean output'}
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
  if (origin === 'first') return `First weights, of seed ${host?.model?.seed ?? ''}; not trained yet`;
  const place = `step ${countText(sample?.step ?? 0)} · epoch ${countText(sample?.epoch ?? 0)}`;
  return runState === 'idle' ? `Last run · ${place}` : `S${place.slice(1)}`;
}
