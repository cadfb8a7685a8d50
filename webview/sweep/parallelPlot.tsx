import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement, type Plugin } from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import { useThemeColors, type ColorOf } from '../kit/themeColors.ts';
import type { Upright } from './axes.ts';

Chart.register(CategoryScale, LinearScale, LineController, LineElement, PointElement);

/** One run across the axes. */
export interface PlotLine {
  readonly variant: number;
  /** A place 0 … 1 on each axis; undefined where it has none. */
  readonly places: readonly (number | undefined)[];
  /** 0 for the lowest loss, 1 for the highest. */
  readonly rank: number;
}

interface ParallelPlotProps {
  readonly summary: string;
  readonly axes: readonly Upright[];
  readonly lines: readonly PlotLine[];
  readonly selected: number | undefined;
  readonly onSelect: (variant: number) => void;
}

/** Parallel coordinates: an upright axis for each field and for the loss, a line for each run; the better, the stronger. */
export function ParallelPlot(props: ParallelPlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line', (number | null)[], string>>(undefined);
  const colorOf = useThemeColors();
  const latest = useRef({ props, colorOf });
  latest.current = { props, colorOf };

  useEffect(() => {
    if (!canvas.current) return;
    chart.current = new Chart<'line', (number | null)[], string>(canvas.current, {
      type: 'line',
      data: { labels: [], datasets: [] },
      plugins: [
        uprights(
          () => latest.current.props.axes,
          variable => latest.current.colorOf(variable),
        ),
      ],
    });
    return () => chart.current?.destroy();
  }, []);

  useEffect(() => {
    if (!chart.current) return;
    const { axes, lines, selected, onSelect } = props;
    // What stands out is painted last.
    const ordered = lines.toSorted(
      (a, b) => Number(a.variant === selected) - Number(b.variant === selected) || b.rank - a.rank,
    );
    chart.current.data = {
      labels: axes.map(({ title }) => title),
      datasets: ordered.map(({ variant, places, rank }) => ({
        data: places.map(place => place ?? null),
        spanGaps: true,
        borderColor: variant === selected ? colorOf('--focus') : lineColor(rank, colorOf),
        borderWidth: variant === selected ? 3 : 1 + (1 - rank),
        pointRadius: variant === selected ? 4 : 0,
        pointBackgroundColor: colorOf('--focus'),
        pointHitRadius: 6,
        clip: 6,
      })),
    };
    chart.current.options = {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { left: 56, right: 64, top: 26, bottom: 10 } },
      scales: { x: { type: 'category', display: false }, y: { type: 'linear', min: 0, max: 1, display: false } },
      interaction: { mode: 'nearest', intersect: false },
      onClick: (_event, [hit]) => {
        const line = hit && ordered[hit.datasetIndex];
        if (line) onSelect(line.variant);
      },
    };
    chart.current.update('none');
  });

  return (
    <div class="chart" data-testid="parallel-plot">
      <canvas ref={canvas} role="img" aria-label={props.summary} />
    </div>
  );
}

/** From the colour of a run, for the best, to that of the grid. */
const lineColor = (rank: number, colorOf: ColorOf): string =>
  `color-mix(in srgb, ${colorOf('--run')} ${String(Math.round(100 * (1 - 0.85 * rank)))}%, ${colorOf('--bg')})`;

/** The axes with their titles above and their values beside them. */
function uprights(axes: () => readonly Upright[], colorOf: ColorOf): Plugin<'line'> {
  return {
    id: 'uprights',
    beforeDatasetsDraw: ({ ctx, chartArea: { top, bottom }, scales }) => {
      const { x, y } = scales;
      if (!x || !y) return;
      const family = getComputedStyle(document.body).fontFamily;
      ctx.save();
      axes().forEach(({ title, ticks }, i) => {
        const at = x.getPixelForValue(i);
        const isLast = i === axes().length - 1;
        ctx.strokeStyle = colorOf('--faint');
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at, bottom);
        ctx.stroke();
        ctx.fillStyle = colorOf('--fg');
        ctx.font = `600 11px ${family}`;
        ctx.textAlign = i === 0 ? 'left' : isLast ? 'right' : 'center';
        ctx.fillText(title, i === 0 ? at - 50 : isLast ? at + 58 : at, top - 12);
        ctx.fillStyle = colorOf('--muted');
        ctx.font = `10px ${family}`;
        ctx.textBaseline = 'middle';
        ctx.textAlign = i === 0 ? 'right' : 'left';
        for (const tick of ticks) ctx.fillText(tick.label, i === 0 ? at - 6 : at + 6, y.getPixelForValue(tick.at));
        ctx.textBaseline = 'alphabetic';
      });
      ctx.restore();
    },
  };
}
