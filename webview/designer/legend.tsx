import { useStore, type Store } from '../kit/store.ts';
import { figureText } from '../kit/numberText.ts';
import type { LiveState } from './state.ts';

/** What colour and width of an edge mean, once there are weights to show. */
export function Legend({ live }: { readonly live: Store<LiveState> }) {
  const { sample } = useStore(live);
  const largest = Math.max(0, ...(sample?.layers ?? []).map(({ largestWeight }) => largestWeight));
  if (!sample || largest === 0) return null;
  const figure = figureText(largest, 2);
  return (
    <div class="legend tick" data-testid="legend">
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
      <span>weight</span>
      <span class="dot" aria-hidden="true" />
      <span>bias</span>
      <span class="ring" aria-hidden="true" />
      <span>
        {sample.layers.some(({ pictures }) => pictures.length > 0) ? 'output over the inputs' : 'mean output'}
      </span>
    </div>
  );
}
