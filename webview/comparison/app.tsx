import { useState } from 'preact/hooks';
import { contestantRows } from '../../engine/model/experiments/contestants.ts';
import type { ComparisonSetup } from '../../engine/protocol/experimentViews.ts';
import { fairStart } from '../../engine/protocol/standings.ts';
import { Icon, IconButton } from '../kit/button.tsx';
import { RunsCompute } from '../kit/computes.tsx';
import { ExperimentStatus, RunButtons } from '../kit/experimentControls.tsx';
import type { ExperimentHost, ExperimentState } from '../kit/experimentStore.ts';
import { t, tableText } from '../kit/language.ts';
import { useStore, type Store } from '../kit/store.ts';
import { ChartPane } from './chartPane.tsx';
import { curvesCsv } from './curvesCsv.ts';
import { Ranking } from './ranking.tsx';
import { SetupPane } from './setupPane.tsx';
import { useComparison } from './state.ts';

interface AppProps {
  readonly store: Store<ExperimentState>;
  readonly host: ExperimentHost;
}

export function App({ store, host }: AppProps) {
  const state = useStore(store);
  const comparison = useComparison(state);
  const [open, setOpen] = useState<boolean | undefined>();
  const { setup, record } = state;
  const { phase } = state.progress;
  if (!setup) return null;
  if (setup.setup?.kind !== 'comparison') return <p class="empty errc">{setup.problem}</p>;
  const setupShown = open ?? !record;
  const started = comparison.cells.some(({ points }) => points.length > 0);
  return (
    <div class="comparison">
      <div class="bar" role="toolbar" aria-label={t('Comparison')}>
        <RunButtons
          state={state}
          host={host}
          label={t('Compare')}
          title={t('Train the model under every checked optimizer')}
          onRun={() => setOpen(false)}
        />
        <button
          type="button"
          class={`btn${setupShown ? ' on' : ''}`}
          aria-expanded={setupShown}
          onClick={() => setOpen(!setupShown)}
          data-testid="setup-button"
        >
          {setupText(setup.setup)} <Icon name={setupShown ? 'chevron-up' : 'chevron-down'} />
        </button>
        <span class="grow" />
        {!setupShown && <RunsCompute asked={setup.backend} brief />}
        <ExperimentStatus state={state}>
          <FairStart state={state} />
        </ExperimentStatus>
        <span class="sep" />
        <IconButton
          icon="table"
          label={comparison.look.asTable ? t('Show the curves') : t('Show as a table')}
          pressed={comparison.look.asTable}
          onPress={() => comparison.change({ asTable: !comparison.look.asTable })}
          testId="table-button"
        />
        <IconButton
          icon="copy"
          label={t('Copy as CSV')}
          disabled={!started}
          onPress={() => void navigator.clipboard.writeText(curvesCsv(comparison))}
        />
        <IconButton
          icon="history"
          label={t('Open earlier results')}
          disabled={phase !== 'idle'}
          onPress={() => void host.openSaved.asEvent()}
          testId="saved-button"
        />
      </div>
      {setupShown && <SetupPane state={setup} setup={setup.setup} phase={phase} host={host} />}
      {started ? (
        <>
          <ChartPane comparison={comparison} />
          <Ranking comparison={comparison} host={host} seeds={record?.seeds.length ?? 0} />
        </>
      ) : (
        <p class="empty muted">
          {phase === 'running'
            ? t('Waiting for the first numbers…')
            : t(
                'Train {0} under each checked optimizer, with the same data and the same initial weights, and see who learns fastest.',
                setup.title,
              )}
        </p>
      )}
    </div>
  );
}

/** Where learning rates come from. */
const rateWords: Readonly<Record<ComparisonSetup['rates'], string>> = {
  own: t('own'),
  tuned: t('tuned'),
  shared: t('shared'),
};

function setupText({ contestants, seeds, rates }: ComparisonSetup) {
  const checked = contestants.filter(entry => entry.checked);
  const who =
    checked.length === 1 && checked[0]
      ? tableText(contestantRows[checked[0].name].title)
      : t('{0} optimizers', checked.length);
  return seeds === 1
    ? t('{0} · 1 seed · learning rates: {1}', who, rateWords[rates])
    : t('{0} · {1} seeds · learning rates: {2}', who, seeds, rateWords[rates]);
}

/** Whether the race is fair. */
function FairStart({ state: { cells } }: { readonly state: ExperimentState }) {
  const { alike, different } = fairStart(cells.flatMap(({ result }) => result ?? []));
  if (different.length > 0)
    return (
      <span class="errc" data-testid="fair-start" data-value="different">
        {t('· seed {0}: not the same initial weights', different.join(', '))}
      </span>
    );
  if (alike.length === 0) return null;
  return (
    <span
      class="muted wide"
      data-testid="fair-start"
      data-value="alike"
      title={t('The hash of the initial weights and of the data is the same for every optimizer of a seed.')}
    >
      {t('· same data and initial weights for each seed, checked')}
    </span>
  );
}
