import { useMemo, useState } from 'preact/hooks';
import { standings } from '../../engine/protocol/standings.ts';
import { IconButton } from '../kit/button.tsx';
import { ExperimentStatus, RunButtons } from '../kit/experimentControls.tsx';
import type { ExperimentHost, ExperimentState } from '../kit/experimentStore.ts';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { useStore, type Store } from '../kit/store.ts';
import { upright } from './axes.ts';
import { ParallelPlot } from './parallelPlot.tsx';
import { ResultsTable } from './resultsTable.tsx';
import { sweepCsv, sweepRows, type SweepRow } from './rows.ts';
import { SetupPane } from './setupPane.tsx';

interface AppProps {
  readonly store: Store<ExperimentState>;
  readonly host: ExperimentHost;
}

export function App({ store, host }: AppProps) {
  const state = useStore(store);
  const { setup, record, cells } = state;
  const { phase } = state.progress;
  const [selected, setSelected] = useState<number | undefined>();
  const { paths, rows } = useMemo(() => {
    const finished = cells.flatMap(({ result, points }) => (result ? [{ result, points }] : []));
    return record ? sweepRows(record, standings(finished, undefined)) : { paths: [], rows: [] };
  }, [record, cells]);
  if (!setup) return null;
  if (setup.setup?.kind !== 'sweep') return <p class="empty errc">{setup.problem}</p>;
  const chosen = selected ?? rows[0]?.standing.variant;
  return (
    <div class="sweep">
      <div class="bar" role="toolbar" aria-label={t('Sweep')}>
        <RunButtons state={state} host={host} label={t('Sweep')} title={t('Train the model with every combination')} />
        <span class="grow" />
        <ExperimentStatus state={state} />
        <span class="sep" />
        <IconButton
          icon="copy"
          label={t('Copy as CSV')}
          disabled={rows.length === 0}
          onPress={() => void navigator.clipboard.writeText(sweepCsv(paths, rows))}
        />
        <IconButton
          icon="history"
          label={t('Open earlier results')}
          disabled={phase !== 'idle'}
          onPress={() => void host.openSaved.asEvent()}
          testId="saved-button"
        />
      </div>
      <SetupPane state={setup} setup={setup.setup} busy={phase !== 'idle'} host={host} />
      {rows.length === 0 ? (
        <p class="empty muted">
          {phase === 'running'
            ? t('Waiting for the first run to end…')
            : t('Train {0} with every combination of these values, and see which is best.', setup.title)}
        </p>
      ) : (
        <>
          <Plot paths={paths} rows={rows} selected={chosen} onSelect={setSelected} />
          <ResultsTable
            paths={paths}
            rows={rows}
            selected={chosen}
            onSelect={setSelected}
            onUse={variant => void host.useVariant.asEvent(variant)}
          />
        </>
      )}
    </div>
  );
}

interface PlotProps {
  readonly paths: readonly string[];
  readonly rows: readonly SweepRow[];
  readonly selected: number | undefined;
  readonly onSelect: (variant: number) => void;
}

function Plot({ paths, rows, selected, onSelect }: PlotProps) {
  const axes = [
    ...paths.map((path, i) =>
      upright(
        path,
        rows.map(({ values }) => values[i] ?? null),
      ),
    ),
    upright(
      t('best loss'),
      rows.map(({ standing }) => standing.bestLoss.mean),
    ),
  ];
  const lines = rows.map(({ standing, values }, i) => ({
    variant: standing.variant,
    places: axes.map((axis, k) => axis.at(k < values.length ? values[k] : standing.bestLoss.mean)),
    rank: rows.length === 1 ? 0 : i / (rows.length - 1),
  }));
  const [best, worst] = [rows[0], rows.at(-1)];
  const summary = t(
    '{0} combinations of {1}. Best loss {2} with {3}; worst {4} with {5}.',
    rows.length,
    paths.join(', '),
    figureText(best?.standing.bestLoss.mean ?? 0),
    best?.text ?? '',
    figureText(worst?.standing.bestLoss.mean ?? 0),
    worst?.text ?? '',
  );
  return <ParallelPlot summary={summary} axes={axes} lines={lines} selected={selected} onSelect={onSelect} />;
}
