import type { ChartDataset, ChartOptions, TooltipItem } from 'chart.js';
import { endLabelWidth } from './chartEndLabels.ts';
import type { ChartRange } from './chartZoom.ts';
import type { ChartPoint, ChartSeries, LineChartProps } from './chartTypes.ts';
import { t } from './language.ts';
import { figureText } from './numberText.ts';
import type { ColorOf } from './themeColors.ts';

export function datasetOf(
  { label, color, dash, points, marker, markerRotation = 0, strong, faint }: ChartSeries,
  colorOf: ColorOf,
): ChartDataset<'line', ChartPoint[]> {
  return {
    label,
    data: [...points],
    borderColor: faint ? fade(colorOf(color)) : colorOf(color),
    backgroundColor: colorOf(color),
    borderDash: [...dash],
    borderWidth: faint ? 1 : strong ? 3 : 2,
    pointStyle: marker ?? 'circle',
    pointRotation: markerRotation,
    pointRadius: points.length === 1 ? 3 : marker ? everyNth(points.length) : 0,
    pointHoverRadius: faint ? 0 : 4,
  };
}

/** About ten signs on a curve, wherever its points are. */
const everyNth =
  (count: number) =>
  ({ dataIndex }: { readonly dataIndex: number }): number =>
    dataIndex % Math.max(1, Math.floor(count / 10)) === 0 ? 3 : 0;

/** The colour at 35 % of its strength; computed colours are written `rgb(…)` or `color(…)`. */
const fade = (color: string): string => `color-mix(in srgb, ${color} 35%, transparent)`;

export function optionsOf(
  { xLabel, xMax, logarithmic, percent, series, markers = [], endLabels, unevenX, titleOf }: LineChartProps,
  colorOf: ColorOf,
  range: ChartRange | undefined,
): ChartOptions<'line'> {
  const muted = colorOf('--muted');
  const font = { family: getComputedStyle(document.body).fontFamily, size: 10 };
  const valueText = (value: number) => (percent ? `${String(Math.round(value * 1000) / 10)}%` : figureText(value));
  const single = series.every(({ points }) => points.length < 2);
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    interaction: unevenX ? { mode: 'nearest', intersect: false } : { mode: 'index', intersect: false },
    layout: { padding: { top: markers.length > 0 ? 14 : 4, right: endLabels ? endLabelWidth : 0 } },
    scales: {
      x: {
        type: 'linear',
        min: range?.min ?? 0,
        max: range?.max ?? xMax,
        title: { display: true, text: xLabel, align: 'end', color: muted, font, padding: 0 },
        // The ends of a part are no round numbers.
        ticks: { color: muted, font, precision: 0, maxRotation: 0, includeBounds: range === undefined },
        grid: { display: false },
        border: { color: colorOf('--faint') },
      },
      y: {
        type: logarithmic && !single ? 'logarithmic' : 'linear',
        ...(percent ? { max: 1 } : !logarithmic && { min: 0 }),
        ticks: { color: muted, font, maxTicksLimit: 6, callback: (value: number | string) => valueText(Number(value)) },
        grid: { color: colorOf('--grid') },
        border: { display: false },
      },
    },
    plugins: {
      decimation: { enabled: true, algorithm: 'min-max' },
      tooltip: {
        filter: ({ dataset }: TooltipItem<'line'>) => dataset.pointHoverRadius !== 0,
        backgroundColor: colorOf('--vscode-editorWidget-background'),
        borderColor: colorOf('--line'),
        borderWidth: 1,
        titleColor: colorOf('--fg'),
        bodyColor: colorOf('--fg'),
        titleFont: { ...font, size: 12 },
        bodyFont: { ...font, size: 12 },
        callbacks: {
          title: ([item]: TooltipItem<'line'>[]) =>
            titleOf?.(item?.parsed.x ?? 0) ?? t('Epoch {0}', item?.parsed.x ?? ''),
          label: ({ dataset, parsed: { y } }: TooltipItem<'line'>) =>
            `${dataset.label ?? ''} ${y === null ? '' : valueText(y)}`,
        },
      },
    },
  };
}
