import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../kit/button.tsx';
import { useCalmStore } from '../kit/calmStore.ts';
import { t } from '../kit/language.ts';
import type { Store } from '../kit/store.ts';
import { tableCsv, type Curves } from './curves.ts';
import { MetricsTable } from './metricsTable.tsx';
import { AccuracyPane, LossPane, R2Pane } from './panes.tsx';
import { PredictionPanes } from './predictionPanes.tsx';
import type { TrainingHost, TrainingState } from './state.ts';
import { StatusRow } from './statusRow.tsx';
import { Toolbar } from './toolbar.tsx';

interface AppProps {
  readonly store: Store<TrainingState>;
  readonly host: TrainingHost;
}

export function App({ store, host }: AppProps) {
  const { curves, panel, title, predictions, overlays, remedies } = useCalmStore(store);
  const [logarithmic, setLogarithmic] = useState(false);
  const [smoothing, setSmoothing] = useState(0);
  const [asTable, setAsTable] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const { start, metrics } = curves;
  const { runState } = panel;
  const pane = { curves, smoothing, overlays };
  // Drawn by now: the next look is worth its time.
  useEffect(() => {
    if (predictions) void host.acknowledgePredictions.asEvent();
  }, [predictions, host]);
  return (
    <div class="training" ref={root}>
      <Toolbar host={host} panel={panel} curves={curves}>
        <Smoothing value={smoothing} onChange={setSmoothing} />
        <IconButton
          icon="table"
          label={asTable ? t('Show the curves') : t('Show as a table')}
          pressed={asTable}
          onPress={() => setAsTable(!asTable)}
          testId="table-button"
        />
        <IconButton
          icon="copy"
          label={t('Copy as CSV')}
          disabled={metrics.length === 0}
          onPress={() => void navigator.clipboard.writeText(tableCsv(metrics))}
        />
        <IconButton
          icon="save-as"
          label={t('Save the loss curve as PNG')}
          disabled={metrics.length === 0 || asTable}
          onPress={() => {
            const canvas = root.current?.querySelector<HTMLCanvasElement>('[data-testid=loss-chart] canvas');
            if (canvas) void host.savePicture.asEvent('loss', pictureOf(canvas));
          }}
        />
      </Toolbar>
      <ProgressLine curves={curves} running={runState !== 'idle'} />
      <StatusRow host={host} curves={curves} panel={panel} remedies={remedies} />
      {metrics.length === 0 ? (
        <p class="empty muted">
          {runState === 'idle' ? t('Train {0} to see its loss fall.', title) : t('Waiting for the first numbers…')}
        </p>
      ) : asTable ? (
        <MetricsTable metrics={metrics} />
      ) : (
        <div class={predictions ? 'columns' : 'columns alone'}>
          <div class="charts">
            <LossPane {...pane} logarithmic={logarithmic} onScale={setLogarithmic} />
            {start?.task === 'regression' ? <R2Pane {...pane} /> : <AccuracyPane {...pane} />}
          </div>
          {predictions && <PredictionPanes predictions={predictions} />}
        </div>
      )}
    </div>
  );
}

/** The chart on the background of the theme, since a PNG has none of its own. */
function pictureOf(canvas: HTMLCanvasElement): string {
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  if (context) {
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
  }
  return copy.toDataURL('image/png');
}

interface SmoothingProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** How much the curves are smoothed. */
function Smoothing({ value, onChange }: SmoothingProps) {
  return (
    <label class="smoothing" title={t('Smooths the curves by a moving average; the pale curve is the true one')}>
      <span class="muted label">{t('Smooth')}</span>
      <input
        type="range"
        class="slider"
        aria-label={t('Smoothing')}
        min="0"
        max="0.98"
        step="0.02"
        value={value}
        onInput={event => onChange(Number(event.currentTarget.value))}
        data-testid="smoothing"
      />
    </label>
  );
}

function ProgressLine({ curves: { start, metrics }, running }: { readonly curves: Curves; readonly running: boolean }) {
  const share = start ? (metrics.at(-1)?.step ?? 0) / start.totalSteps : 0;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={t('Progress')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      {running && <div class="done" style={{ width: `${share * 100}%` }} />}
    </div>
  );
}
