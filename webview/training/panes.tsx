import type { MetricsEvent } from '../../engine/protocol/events.ts';
import type { RunOverlay } from '../../engine/protocol/views.ts';
import { IconButton } from '../kit/button.tsx';
import type { ChartSeries } from '../kit/chartTypes.ts';
import { t } from '../kit/language.ts';
import { LineChart } from '../kit/lineChart.tsx';
import { figureText, percentText } from '../kit/numberText.ts';
import { smooth } from '../kit/smoothing.ts';
import { axisEnd, markersOf, points, type Curves } from './curves.ts';

type Value = (event: MetricsEvent) => number | undefined;

/** What every chart of the panel draws besides its own curve. */
export interface PaneProps {
  readonly curves: Curves;
  /** β of the moving average; 0 draws the curve as it is. */
  readonly smoothing: number;
  readonly overlays: readonly RunOverlay[];
}

interface CurvesProps extends PaneProps {
  readonly train?: Value;
  readonly validation?: Value;
}

/** The curves of this run, each smoothed over its pale self, and those of earlier runs dotted behind them. */
function seriesOf({ curves: { metrics }, smoothing, overlays, train, validation }: CurvesProps): ChartSeries[] {
  const curve = (label: string, value: Value, dash: readonly number[]): ChartSeries[] => {
    const own = { label, color: '--run', dash, points: points(metrics, value) };
    if (smoothing === 0) return [own];
    return [
      { ...own, dash: [], faint: true },
      { ...own, points: smooth(own.points, smoothing) },
    ];
  };
  const earlier = overlays.flatMap(({ title, metrics: other }): ChartSeries[] => {
    const value = validation ?? train;
    return value
      ? [{ label: title, color: '--faint', dash: [2, 3], points: smooth(points(other, value), smoothing) }]
      : [];
  });
  return [
    ...earlier,
    ...(train ? curve(t('train'), train, []) : []),
    ...(validation ? curve(t('validation'), validation, [5, 3]) : []),
  ].filter(({ points: { length } }) => length > 0);
}

const endOf = ({ curves, overlays }: PaneProps): number =>
  Math.max(axisEnd(curves), ...overlays.map(({ metrics }) => metrics.at(-1)?.epoch ?? 0));

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

interface LossPaneProps extends PaneProps {
  readonly logarithmic: boolean;
  readonly onScale: (logarithmic: boolean) => void;
}

export function LossPane(props: LossPaneProps) {
  const { curves, overlays, logarithmic, onScale } = props;
  const { metrics } = curves;
  const last = metrics.at(-1);
  // Zero has no place on a logarithmic axis.
  const positive = [metrics, ...overlays.map(overlay => overlay.metrics)].every(all =>
    all.every(event => event.trainLoss > 0 && (event.validationLoss ?? 1) > 0),
  );
  return (
    <section class="pane" aria-label={t('Loss')}>
      <header>
        <span class="title">{t('Loss')}</span>
        <Figure label={t('train')} value={last?.trainLoss} text={figureText} testId="train-loss" />
        <Figure label={t('validation')} value={last?.validationLoss} text={figureText} dash testId="validation-loss" />
        <span class="grow" />
        <IconButton
          icon="graph-line"
          label={t('Logarithmic scale')}
          pressed={logarithmic && positive}
          disabled={!positive}
          onPress={() => onScale(!logarithmic)}
        />
      </header>
      <LineChart
        summary={summaryOf(t('Loss'), metrics, event => event.trainLoss, figureText)}
        series={seriesOf({ ...props, train: event => event.trainLoss, validation: event => event.validationLoss })}
        xLabel={t('epoch')}
        xMax={endOf(props)}
        logarithmic={logarithmic && positive}
        markers={markersOf(curves)}
        testId="loss-chart"
      />
    </section>
  );
}

export function AccuracyPane(props: PaneProps) {
  const { curves } = props;
  const { metrics } = curves;
  const last = metrics.at(-1);
  return (
    <section class="pane" aria-label={t('Accuracy')}>
      <header>
        <span class="title">{t('Accuracy')}</span>
        <Figure label={t('train')} value={last?.trainAccuracy} text={percentText} testId="train-accuracy" />
        <Figure
          label={t('validation')}
          value={last?.validationAccuracy}
          text={percentText}
          dash
          testId="validation-accuracy"
        />
      </header>
      <LineChart
        summary={summaryOf(
          t('Accuracy'),
          metrics,
          event => event.validationAccuracy ?? event.trainAccuracy,
          percentText,
        )}
        series={seriesOf({
          ...props,
          train: event => event.trainAccuracy,
          validation: event => event.validationAccuracy,
        })}
        xLabel={t('epoch')}
        xMax={endOf(props)}
        percent
        testId="metric-chart"
      />
    </section>
  );
}

export function R2Pane(props: PaneProps) {
  const { curves } = props;
  const { metrics } = curves;
  return (
    <section class="pane" aria-label="R²">
      <header>
        <span class="title">R²</span>
        <Figure label={t('validation')} value={metrics.at(-1)?.r2} text={figureText} dash testId="r2" />
      </header>
      <LineChart
        summary={summaryOf('R²', metrics, event => event.r2, figureText)}
        series={seriesOf({ ...props, validation: event => event.r2 })}
        xLabel={t('epoch')}
        xMax={endOf(props)}
        testId="metric-chart"
      />
    </section>
  );
}

/** The curve in words, for who cannot see it. */
function summaryOf(name: string, metrics: readonly MetricsEvent[], value: Value, text: (value: number) => string) {
  const curve = points(metrics, value);
  const [first, last] = [curve[0], curve.at(-1)];
  if (!first || !last) return t('{0}: no values yet.', name);
  return t('{0}: from {1} at epoch {2} to {3} at epoch {4}.', name, text(first.y), first.x, text(last.y), last.x);
}
