import { positive } from '../../engine/model/fields.ts';
import type { ChartSeries } from '../kit/chartTypes.ts';
import { t } from '../kit/language.ts';
import { LineChart } from '../kit/lineChart.tsx';
import { figureText, percentText, countText } from '../kit/numberText.ts';
import { NumberField } from '../kit/numberField.tsx';
import { Segments } from '../kit/segments.tsx';
import { smooth } from '../kit/smoothing.ts';
import { curveOf, seedBand, type Axis, type Measure } from './bands.ts';
import { CurveTable } from './curveTable.tsx';
import type { Comparison } from './state.ts';

const targetField = positive(0.1, t('The ranking counts the steps until the loss is here or below.'), { max: 1e9 });

const axisTitles: Readonly<Record<Axis, string>> = {
  epoch: t('epoch'),
  step: t('gradient evaluations (one per update)'),
  seconds: t('seconds of training'),
};

/** The curves on common axes, a band over the seeds of each contestant. */
export function ChartPane({ comparison }: { readonly comparison: Comparison }) {
  const { look, change, contestants, cells, target } = comparison;
  const regression = cells.some(({ result }) => result?.r2 !== undefined);
  const percent = look.measure === 'quality' && !regression;
  const titles: Readonly<Record<Measure, string>> = {
    loss: cells.some(({ points }) => points[0]?.validationLoss !== undefined) ? t('Validation loss') : t('Loss'),
    trainLoss: t('Training loss'),
    quality: regression ? 'R²' : t('Accuracy'),
  };
  const series = contestants.flatMap((_, variant) =>
    look.hidden.includes(variant) ? [] : [seriesOf(comparison, variant)],
  );
  const logarithmic = look.logarithmic && look.measure !== 'quality' && series.every(isPositive);
  const isLoss = look.measure === 'loss';
  const xMax = Math.max(...series.flatMap(({ points }) => points.at(-1)?.x ?? 0), look.axis === 'seconds' ? 0.001 : 1);
  return (
    <section class="curves" aria-label={titles[look.measure]}>
      <div class="opts">
        <span class="title">{titles[look.measure]}</span>
        <Segments
          label={t('What is drawn')}
          value={look.measure}
          values={[
            ['loss', t('Loss')],
            ['quality', titles.quality],
            ['trainLoss', t('Train')],
          ]}
          onChoose={measure => change({ measure })}
          testId="measure"
        />
        <span class="muted">{t('by')}</span>
        <Segments
          label={t('Axis')}
          value={look.axis}
          values={[
            ['epoch', t('Epoch')],
            ['step', t('Gradient evaluations')],
            ['seconds', t('Wall time')],
          ]}
          onChoose={axis => change({ axis })}
          testId="axis"
        />
        <span class="muted wide">{t('band')}</span>
        <span class="wide">
          <Segments
            label={t('Band over the seeds')}
            value={look.band}
            values={[
              ['range', t('Min – max')],
              ['deviation', '± σ'],
              ['off', t('Off')],
            ]}
            onChoose={band => change({ band })}
            testId="band"
          />
        </span>
        <Segments
          label={t('Scale')}
          value={look.logarithmic ? 'log' : 'linear'}
          values={[
            ['linear', t('Linear')],
            ['log', t('Log')],
          ]}
          onChoose={scale => change({ logarithmic: scale === 'log' })}
          testId="scale"
        />
        <label class="smoothing">
          <span class="muted">{t('Smoothing')}</span>
          <input
            class="slider"
            type="range"
            min="0"
            max="0.95"
            step="0.05"
            value={look.smoothing}
            aria-label={t('Smoothing')}
            onInput={event => change({ smoothing: Number(event.currentTarget.value) })}
          />
        </label>
        <span class="grow" />
        {target !== undefined && (
          <span class="target">
            <span class="muted">{t('Target loss')}</span>
            <span class="narrow">
              <NumberField
                label={t('Target loss')}
                field={targetField}
                value={target}
                onCommit={value => change({ target: value })}
                testId="target"
              />
            </span>
          </span>
        )}
      </div>
      {look.asTable ? (
        <CurveTable series={series} axisTitle={axisTitles[look.axis]} percent={percent} />
      ) : (
        <LineChart
          summary={summaryOf(titles[look.measure], series, axisTitles[look.axis], percent)}
          series={series}
          xLabel={axisTitles[look.axis]}
          xMax={xMax}
          logarithmic={logarithmic}
          percent={percent}
          levels={isLoss && target !== undefined ? [{ y: target, label: t('target {0}', figureText(target)) }] : []}
          endLabels
          unevenX={look.axis !== 'epoch'}
          titleOf={x =>
            look.axis === 'seconds'
              ? `${figureText(x)} s`
              : look.axis === 'epoch'
                ? t('{0} epochs', countText(x))
                : t('{0} evaluations', countText(x))
          }
          testId="comparison-chart"
        />
      )}
    </section>
  );
}

function seriesOf({ look, cells, contestants, selected }: Comparison, variant: number): ChartSeries {
  const curves = cells
    .filter(cell => cell.variant === variant && cell.points.length > 0)
    .map(({ points }) => curveOf(points, look.axis, look.measure));
  const { points, band } = seedBand(curves, look.band);
  const smoothed = (value: (point: (typeof band)[number]) => number) =>
    smooth(
      band.map(point => ({ x: point.x, y: value(point) })),
      look.smoothing,
    );
  const [low, high] = [smoothed(point => point.low), smoothed(point => point.high)];
  const contestant = contestants[variant];
  return {
    label: contestant?.short ?? '',
    color: contestant?.look.color ?? '--fg',
    dash: contestant?.look.dash ?? [],
    ...contestant?.look,
    points: smooth(points, look.smoothing),
    band: band.map(({ x }, i) => ({ x, low: low[i]?.y ?? 0, high: high[i]?.y ?? 0 })),
    strong: variant === selected,
  };
}

const isPositive = ({ points }: ChartSeries) => points.every(({ y }) => y > 0);

/** The curves in words: where each ends, the lowest loss or the highest quality first. */
function summaryOf(title: string, series: readonly ChartSeries[], axis: string, percent: boolean): string {
  const ends = series
    .flatMap(({ label, points }) => {
      const last = points.at(-1);
      return last ? [{ label, ...last }] : [];
    })
    .sort((a, b) => (percent || title === 'R²' ? b.y - a.y : a.y - b.y));
  if (ends.length === 0) return t('{0}: no values yet.', title);
  const text = percent ? percentText : figureText;
  return t(
    '{0} by {1}, mean over the seeds, at the end: {2}.',
    title,
    axis,
    ends.map(({ label, y }) => `${label} ${text(y)}`).join(', '),
  );
}
