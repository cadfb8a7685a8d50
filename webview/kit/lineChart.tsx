import {
  Chart,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from './button.tsx';
import { bands } from './chartBands.ts';
import { endLabels } from './chartEndLabels.ts';
import { levelLines } from './chartLevels.ts';
import { markerLines } from './chartMarkers.ts';
import { datasetOf, optionsOf } from './chartOptions.ts';
import type { ChartPoint, LineChartProps } from './chartTypes.ts';
import { useChartZoom } from './chartZoom.ts';
import { t } from './language.ts';
import { useThemeColors } from './themeColors.ts';

Chart.register(Decimation, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip);

/**
 * Curves over a common axis, drawn without animation; spikes survive the thinning to pixels. The wheel or + and − zoom, dragging
 * chooses a part, arrows or Shift with dragging move it, a double click or 0 shows everything.
 */
export function LineChart(props: LineChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line', ChartPoint[]>>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const colorOf = useThemeColors();
  const colors = useRef(colorOf);
  colors.current = colorOf;
  const { range, reset, handlers } = useChartZoom(chart, props.xMax);

  useEffect(() => {
    if (!canvas.current) return;
    chart.current = new Chart<'line', ChartPoint[]>(canvas.current, {
      type: 'line',
      data: { datasets: [] },
      plugins: [
        bands(
          () => latest.current.series,
          variable => colors.current(variable),
        ),
        levelLines(
          () => latest.current.levels ?? [],
          () => colors.current('--muted'),
        ),
        endLabels(
          () => (latest.current.endLabels ? latest.current.series : []),
          variable => colors.current(variable),
        ),
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
    chart.current.options = optionsOf(props, colorOf, range);
    chart.current.update('none');
  });

  return (
    <div class="chart" data-testid={props.testId}>
      <canvas ref={canvas} role="img" aria-label={props.summary} tabIndex={0} {...handlers} />
      {range && (
        <div class="unzoom">
          <IconButton icon="screen-full" label={t('Show the whole curve (0)')} onPress={reset} testId="reset-zoom" />
        </div>
      )}
    </div>
  );
}
