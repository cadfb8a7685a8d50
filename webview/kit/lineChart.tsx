import {
  Chart,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartDataset,
  type ChartOptions,
  type Plugin,
  type TooltipItem,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import { figureText } from './numberText.ts';
import { useThemeColors, type ColorOf } from './themeColors.ts';

Chart.register(Decimation, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip);

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

export interface ChartSeries {
  readonly label: string;
  /** A variable of the theme. */
  readonly color: string;
  readonly dash: readonly number[];
  /** In the order of x. */
  readonly points: readonly ChartPoint[];
}

/** A vertical line with a word, such as a change of the learning rate. */
export interface ChartMarker {
  readonly x: number;
  readonly label: string;
}

interface LineChartProps {
  /** What the picture shows, in words. */
  readonly summary: string;
  readonly series: readonly ChartSeries[];
  readonly xLabel: string;
  /** Where the x axis ends, although the curves have not come so far. */
  readonly xMax: number;
  readonly logarithmic?: boolean;
  readonly percent?: boolean;
  readonly markers?: readonly ChartMarker[];
  readonly testId: string;
}

/** Curves over a common axis, drawn without animation; spikes survive the thinning to pixels. */
export function LineChart(props: LineChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line', ChartPoint[]>>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const colorOf = useThemeColors();
  const colors = useRef(colorOf);
  colors.current = colorOf;

  useEffect(() => {
    if (!canvas.current) return;
    chart.current = new Chart<'line', ChartPoint[]>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        markerLines(
          () => latest.current.markers ?? [],
          () => colors.current('--muted'),
        ),
      ],
    });
    return () => chart.current?.destroy();
  }, []);

  useEffect(() => {
    if (!chart.current) return;
    chart.current.data.datasets = props.series.map((series, i) => ({
      ...chart.current?.data.datasets[i],
      ...datasetOf(series, colorOf),
    }));
    chart.current.options = optionsOf(props, colorOf);
    chart.current.update('none');
  });

  return (
    <div class="chart" data-testid={props.testId}>
      <canvas ref={canvas} role="img" aria-label={props.summary} />
    </div>
  );
}

/** Vertical dotted lines with their words on top. */
function markerLines(markers: () => readonly ChartMarker[], color: () => string): Plugin<'line'> {
  return {
    id: 'markerLines',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { x } = scales;
      if (!x) return;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = color();
      ctx.setLineDash([2, 3]);
      ctx.textAlign = 'center';
      for (const marker of markers()) {
        const at = x.getPixelForValue(marker.x);
        ctx.beginPath();
        ctx.moveTo(at, chartArea.top);
        ctx.lineTo(at, chartArea.bottom);
        ctx.stroke();
        ctx.fillText(marker.label, at, chartArea.top - 4);
      }
      ctx.restore();
    },
  };
}

function datasetOf({ label, color, dash, points }: ChartSeries, colorOf: ColorOf): ChartDataset<'line', ChartPoint[]> {
  return {
    label,
    data: [...points],
    borderColor: colorOf(color),
    backgroundColor: colorOf(color),
    borderDash: [...dash],
    borderWidth: 2,
    pointRadius: points.length === 1 ? 3 : 0,
    pointHoverRadius: 4,
  };
}

function optionsOf(
  { xLabel, xMax, logarithmic, percent, series, markers = [] }: LineChartProps,
  colorOf: ColorOf,
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
    interaction: { mode: 'index', intersect: false },
    layout: { padding: { top: markers.length > 0 ? 14 : 4 } },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: xMax,
        title: { display: true, text: xLabel, align: 'end', color: muted, font, padding: 0 },
        ticks: { color: muted, font, precision: 0, maxRotation: 0 },
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
        backgroundColor: colorOf('--vscode-editorWidget-background'),
        borderColor: colorOf('--line'),
        borderWidth: 1,
        titleColor: colorOf('--fg'),
        bodyColor: colorOf('--fg'),
        titleFont: { ...font, size: 12 },
        bodyFont: { ...font, size: 12 },
        callbacks: {
          title: ([item]: TooltipItem<'line'>[]) => `Epoch ${item?.parsed.x ?? ''}`,
          label: ({ dataset, parsed: { y } }: TooltipItem<'line'>) =>
            `${dataset.label ?? ''} ${y === null ? '' : valueText(y)}`,
        },
      },
    },
  };
}
