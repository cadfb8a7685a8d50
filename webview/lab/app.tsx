import { useMemo } from 'preact/hooks';
import { t } from '../kit/language.ts';
import { useStore } from '../kit/store.ts';
import { useThemeColors } from '../kit/themeColors.ts';
import { ContourPane } from './contourPane.tsx';
import type { Lab } from './lab.ts';
import { NetworkBar } from './networkBar.tsx';
import { NoiseBar, NoisePane } from './noisePane.tsx';
import { PhasesPane } from './phasesPane.tsx';
import { PositionsTable } from './positionsTable.tsx';
import { RacerList } from './racerList.tsx';
import { Relief } from './relief.ts';
import type { LabState } from './state.ts';
import { SurfacePane } from './surfacePane.tsx';
import { SurfaceBar, Toolbar } from './toolbar.tsx';

export function App({ lab }: { readonly lab: Lab }) {
  const state = useStore(lab.store);
  const { mode, problem } = state;
  return (
    <div class={`lab mode-${mode}`}>
      <Toolbar lab={lab} state={state} />
      {mode === 'surface' && <SurfaceBar lab={lab} state={state} />}
      {mode === 'network' && <NetworkBar lab={lab} state={state} />}
      {mode === 'noise' && <NoiseBar lab={lab} state={state} />}
      {mode === 'surface' && problem !== '' && (
        <p class="problem errc" role="alert" data-testid="problem">
          {problem}
        </p>
      )}
      {mode === 'noise' ? (
        <NoisePane lab={lab} state={state} />
      ) : (
        <div class="work">
          <Pictures lab={lab} state={state} />
          <RacerList lab={lab} state={state} />
        </div>
      )}
      {mode === 'surface' && <PhasesPane lab={lab} state={state} />}
    </div>
  );
}

function Pictures({ lab, state }: { readonly lab: Lab; readonly state: LabState }) {
  const colorOf = useThemeColors();
  const grid = state.mode === 'surface' ? state.grid : state.network.grid;
  const relief = useMemo(() => grid && new Relief(grid), [grid]);
  if (!relief)
    return (
      <p class="empty muted pictures">
        {state.mode === 'surface'
          ? t('The race begins…')
          : state.network.running
            ? state.network.message
            : state.model
              ? t('Explore draws the loss of the network over a plane of its weights, and ways through it.')
              : t('Choose a model and explore the loss around it.')}
      </p>
    );
  if (state.asTable) return <PositionsTable lab={lab} state={state} />;
  return (
    <div class="pictures">
      <ContourPane lab={lab} state={state} relief={relief} colorOf={colorOf} />
      <SurfacePane lab={lab} state={state} relief={relief} colorOf={colorOf} />
    </div>
  );
}
