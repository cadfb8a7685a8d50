import { useEffect, useState } from 'preact/hooks';
import type { MetricsEvent } from '../../engine/protocol/events.ts';
import { IconButton } from '../kit/button.tsx';
import type { ChartSeries } from '../kit/chartTypes.ts';
import { LineChart } from '../kit/lineChart.tsx';
import { figureText, percentText } from '../kit/numberText.ts';
import type { Store } from '../kit/store.ts';
import { axisEnd, points, tableCsv, type Curves } from './curves.ts';
import { MetricsTable } from './metricsTable.tsx';
import type { TrainingHost, TrainingState } from './state.ts';
import { StatusRow } from './statusRow.tsx';
import { Toolbar } from './toolbar.tsx';

interface AppProps {
  readonly store: Store<TrainingState>;
  readonly host: TrainingHost;
}

/** Milliseconds between two drawings while a run speaks. */
const redrawInterval = 100;

/** The state, at most ten times a second; the last one is always drawn. */
function useCalm(store: Store<TrainingState>): TrainingState {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    let timer: number | undefined;
    const draw = () => {
      timer = undefined;
      setState(store.state);
    };
    draw();
    const unsubscribe = store.subscribe(() => {
      timer ??= window.setTimeout(draw, redrawInterval);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [store]);
  return state;
}

export function App({ store, host }: AppProps) {
  const { curves, runState, title } = useCalm(store);
  const [logarithmic, setLogarithmic] = useState(false);
  const [asTable, setAsTable] = useState(false);
  const { start, metrics } = curves;
  return (
    <div class="training">
      <Toolbar host={host} runState={runState} curves={curves}>
        <IconButton
          icon="table"
          label={asTable ? 'Show the curves' : 'Show as a table'}
          pressed={asTable}
          onPress={() => setAsTable(!asTable)}
          testId="table-button"
        />
        <IconButton
          icon="copy"
          label="Copy as CSV"
          disabled={metrics.length === 0}
          onPress={() => void navigator.clipboard.writeText(tableCsv(metrics))}
        />
      </Toolbar>
      <ProgressLine curves={curves} running={runState !== 'idle'} />
      <StatusRow curves={curves} runState={runState} />
      {metrics.length === 0 ? (
        <p class="empty muted">
          {runState === 'idle' ? `Train ${title} to see its loss fall.` : 'Waiting for the first numbers…'}
        </p>
      ) : asTable ? (
        <MetricsTable metrics={metrics} />
      ) : (
        <div class="charts">
          <LossPane curves={curves} logarithmic={logarithmic} onScale={setLogarithmic} />
          {start?.task === 'regression' ? <R2Pane curves={curves} /> : <AccuracyPane curves={curves} />}
        </div>
      )}
    </div>
  );
}

function ProgressLine({ curves: { start, metrics }, running }: { readonly curves: Curves; readonly running: boolean }) {
  const share = start ? (metrics.at(-1)?.step ?? 0) / start.totalSteps : 0;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      {running && <div class="done" style={{ width: `${share * 100}%` }} />}
    </div>
  );
}

type Value = (event: MetricsEvent) => number | undefined;

const trainSeries = (metrics: readonly MetricsEvent[], value: Value): ChartSeries => ({
  label: 'train',
  color: '--run',
  dash: [],
  points: points(metrics, value),
});

const validationSeries = (metrics: readonly MetricsEvent[], value: Value): ChartSeries => ({
  label: 'validation',
  color: '--run',
  dash: [5, 3],
  points: points(metrics, value),
});

interface FigureProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly text: (value: number) => string;
  readonly dash?: boolean;
  readonly testId: string;
}

/** The latest value of a curve, with the curve's stroke as its key. */
function Figure({ label, value, text, dash = false, testId }: FigureProps) {
  if (value === undefined) return null;
  return (
    <span class="figure">
      <svg class="key" width="20" height="6" aria-hidden="true">
        <path d="M0 3H20" stroke-dasharray={dash ? '5 3' : 'none'} />
      </svg>
      <span class="muted">{label}</span>
      <b data-testid={testId} data-value={value}>
        {text(value)}
      </b>
    </span>
  );
}

interface LossPaneProps {
  readonly curves: Curves;
  readonly logarithmic: boolean;
  readonly onScale: (logarithmic: boolean) => void;
}

function LossPane({ curves, logarithmic, onScale }: LossPaneProps) {
  const { metrics, changes } = curves;
  const last = metrics.at(-1);
  const validation = validationSeries(metrics, event => event.validationLoss);
  // Zero has no place on a logarithmic axis.
  const positive = metrics.every(event => event.trainLoss > 0 && (event.validationLoss ?? 1) > 0);
  return (
    <section class="pane" aria-label="Loss">
      <header>
        <span class="title">Loss</span>
        <Figure label="train" value={last?.trainLoss} text={figureText} testId="train-loss" />
        <Figure label="validation" value={last?.validationLoss} text={figureText} dash testId="validation-loss" />
        <span class="grow" />
        <IconButton
          icon="graph-line"
          label="Logarithmic scale"
          pressed={logarithmic && positive}
          disabled={!positive}
          onPress={() => onScale(!logarithmic)}
        />
      </header>
      <LineChart
        summary={summaryOf('Loss', metrics, event => event.trainLoss, figureText)}
        series={[trainSeries(metrics, event => event.trainLoss), validation].filter(hasPoints)}
        xLabel="epoch"
        xMax={axisEnd(curves)}
        logarithmic={logarithmic && positive}
        markers={changes.map(({ epoch, learningRate }) => ({ x: epoch, label: `α ${figureText(learningRate)}` }))}
        testId="loss-chart"
      />
    </section>
  );
}

function AccuracyPane({ curves }: { readonly curves: Curves }) {
  const { metrics } = curves;
  const last = metrics.at(-1);
  return (
    <section class="pane" aria-label="Accuracy">
      <header>
        <span class="title">Accuracy</span>
        <Figure label="train" value={last?.trainAccuracy} text={percentText} testId="train-accuracy" />
        <Figure
          label="validation"
          value={last?.validationAccuracy}
          text={percentText}
          dash
          testId="validation-accuracy"
        />
      </header>
      <LineChart
        summary={summaryOf('Accuracy', metrics, event => event.validationAccuracy ?? event.trainAccuracy, percentText)}
        series={[
          trainSeries(metrics, event => event.trainAccuracy),
          validationSeries(metrics, event => event.validationAccuracy),
        ].filter(hasPoints)}
        xLabel="epoch"
        xMax={axisEnd(curves)}
        percent
        testId="metric-chart"
      />
    </section>
  );
}

function R2Pane({ curves }: { readonly curves: Curves }) {
  const { metrics } = curves;
  return (
    <section class="pane" aria-label="R²">
      <header>
        <span class="title">R²</span>
        <Figure label="validation" value={metrics.at(-1)?.r2} text={figureText} dash testId="r2" />
      </header>
      <LineChart
        summary={summaryOf('R²', metrics, event => event.r2, figureText)}
        series={[validationSeries(metrics, event => event.r2)]}
        xLabel="epoch"
        xMax={axisEnd(curves)}
        testId="metric-chart"
      />
    </section>
  );
}

const hasPoints = ({ points: { length } }: ChartSeries) => length > 0;

/** The curve in words, for who cannot see it. */
function summaryOf(name: string, metrics: readonly MetricsEvent[], value: Value, text: (value: number) => string) {
  const curve = points(metrics, value);
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) return `${name}: no values yet.`;
  return `${name}: from ${text(first.y)} at epoch ${first.x} to ${text(last.y)} at epoch ${last.x}.`;
}
