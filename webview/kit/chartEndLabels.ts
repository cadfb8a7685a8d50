import type { Plugin } from 'chart.js';
import type { ChartSeries } from './chartTypes.ts';
import type { ColorOf } from './themeColors.ts';

/** Room at the right of a chart whose curves have their names at their ends. */
export const endLabelWidth = 112;
const lineHeight = 15;

/** Moves places apart that are closer than `distance`, each as little as possible and within the limits. Keeps their order. */
export function pushedApart(places: readonly number[], distance: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let free = top;
  for (const i of order) {
    moved[i] = Math.max(moved[i] ?? 0, free);
    free = moved[i] + distance;
  }
  let limit = bottom;
  for (const i of order.toReversed()) {
    moved[i] = Math.min(moved[i] ?? 0, limit);
    limit = moved[i] - distance;
  }
  return moved;
}

/** The name of each curve at the height where it ends, with a line to it. */
export function endLabels(series: () => readonly ChartSeries[], colorOf: ColorOf): Plugin<'line'> {
  return {
    id: 'endLabels',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { y } = scales;
      const named = series().filter(({ points }) => points.length > 0);
      if (!y) return;
      const { top, right, bottom } = chartArea;
      const ends = named.map(({ points }) =>
        Math.min(bottom, Math.max(top, y.getPixelForValue(points.at(-1)?.y ?? 0))),
      );
      const places = pushedApart(ends, lineHeight, top + 4, bottom - 4);
      ctx.save();
      ctx.textBaseline = 'middle';
      named.forEach(({ label, color, strong }, i) => {
        ctx.strokeStyle = colorOf(color);
        ctx.beginPath();
        ctx.moveTo(right + 1, ends[i] ?? 0);
        ctx.lineTo(right + 10, places[i] ?? 0);
        ctx.stroke();
        ctx.fillStyle = colorOf('--fg');
        ctx.font = `${strong ? '600 ' : ''}11px ${getComputedStyle(document.body).fontFamily}`;
        ctx.fillText(label, right + 14, places[i] ?? 0, endLabelWidth - 16);
      });
      ctx.restore();
    },
  };
}
