import { useState } from 'preact/hooks';
import { contestantRows } from '../../engine/model/experiments/contestants.ts';
import type { ComparisonSetup } from '../../engine/protocol/experimentViews.ts';
import { fairStart } from '../../engine/protocol/standings.ts';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import type { ExperimentHost, ExperimentState } from '../kit/experimentStore.ts';
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
  const { setup, record, phase } = state;
  if (!setup) return null;
  if (setup.setup?.kind !== 'comparison') return <p class="empty errc">{setup.problem}</p>;
  const setupShown = open ?? !record;
  const started = comparison.cells.some(({ points }) => points.length > 0);
  return (
    <div class="comparison">
      <div class="bar" role="toolbar" aria-label="Comparison">
        <RunButton state={state} host={host} onRun={() => setOpen(false)} />
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
        <Status state={state} />
        <span class="sep" />
        <IconButton
          icon="table"
          label={comparison.look.asTable ? 'Show the curves' : 'Show as a table'}
          pressed={comparison.look.asTable}
          onPress={() => comparison.change({ asTable: !comparison.look.asTable })}
          testId="table-button"
        />
        <IconButton
          icon="copy"
          label="Copy as CSV"
          disabled={!started}
          onPress={() => void navigator.clipboard.writeText(curvesCsv(comparison))}
        />
        <IconButton
          icon="history"
          label="Open earlier results"
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
            ? 'Waiting for the first numbers…'
            : `Train ${setup.title} under each checked optimizer, with the same data and the same initial weights, and see who learns fastest.`}
        </p>
      )}
    </div>
  );
}

function setupText({ contestants, seeds, rates }: ComparisonSetup) {
  const checked = contestants.filter(entry => entry.checked);
  const who =
    checked.length === 1 && checked[0] ? contestantRows[checked[0].name].title : `${checked.length} optimizers`;
  return `${who} · ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} · learning rates: ${rates}`;
}

interface RunButtonProps {
  readonly state: ExperimentState;
  readonly host: ExperimentHost;
  readonly onRun: () => void;
}

function RunButton({ state: { phase, record, setup }, host, onRun }: RunButtonProps) {
  if (phase !== 'idle')
    return (
      <Button
        appearance="primary"
        disabled={phase === 'stopping'}
        onPress={() => void host.stop.asEvent()}
        testId="stop-button"
      >
        <Icon name="debug-stop" /> Stop
      </Button>
    );
  const run = () => {
    onRun();
    void host.run.asEvent();
  };
  return (
    <Button
      appearance="primary"
      disabled={setup?.problem !== undefined}
      title={setup?.problem ?? 'Train the model under every checked optimizer'}
      onPress={run}
      testId="run-button"
    >
      <Icon name={record ? 'refresh' : 'play'} /> {record ? 'Run again' : 'Compare'}
    </Button>
  );
}

/** How far it is, and whether the race is fair. */
function Status({ state: { phase, done, total, cells, record } }: { readonly state: ExperimentState }) {
  const results = cells.flatMap(({ result }) => result ?? []);
  const { alike, different } = fairStart(results);
  const lost = results.filter(({ reason }) => reason === 'diverged' || reason === 'failed').length;
  const runs = `${done} of ${total} ${phase === 'tuning' ? 'trials' : 'runs'}`;
  const words = {
    tuning: 'Tuning learning rates: ',
    running: '',
    stopping: 'Stopping: ',
    idle: record && done < total ? 'Stopped: ' : '',
  };
  if (total === 0) return null;
  return (
    <span class="status" role="status" data-testid="status" data-phase={phase} data-done={done} data-total={total}>
      {phase === 'idle' && done === total && different.length === 0 && <Icon name="pass" class="okc" />}
      <span>
        {words[phase]}
        {runs}
      </span>
      {lost > 0 && <span class="warnc">· {lost} diverged or failed</span>}
      {different.length > 0 ? (
        <span class="errc" data-testid="fair-start" data-value="different">
          · seed {different.join(', ')}: not the same initial weights
        </span>
      ) : (
        alike.length > 0 && (
          <span
            class="muted wide"
            data-testid="fair-start"
            data-value="alike"
            title="The hash of the initial weights and of the data is the same for every optimizer of a seed."
          >
            · same data and initial weights for each seed, checked
          </span>
        )
      )}
    </span>
  );
}
