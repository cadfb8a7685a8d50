import type { Plugin } from 'chart.js';
import type { ChartSeries } from './chartTypes.ts';
import type { ColorOf } from './themeColors.ts';

/** A band of a curve among several, and of the one that is looked at. */
const opacity = { plain: 0.06, strong: 0.18 };

/** Regions behind the curves. In high contrast their edges are drawn, so that no tint is the only sign. */
export function bands(series: () => readonly ChartSeries[], colorOf: ColorOf): Plugin<'line'> {
  return {
    id: 'bands',
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { x, y } = scales;
      if (!x || !y) return;
      const outlined = document.body.classList.contains('vscode-high-contrast');
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      for (const { band = [], color, strong } of series()) {
        if (band.length < 2) continue;
        ctx.beginPath();
        for (const point of band) ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.high));
        for (const point of band.toReversed()) ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.low));
        ctx.closePath();
        ctx.fillStyle = ctx.strokeStyle = colorOf(color);
        ctx.globalAlpha = strong ? opacity.strong : opacity.plain;
        ctx.fill();
        ctx.globalAlpha = strong ? 0.8 : 0.4;
        ctx.lineWidth = 1;
        if (outlined) ctx.stroke();
      }
      ctx.restore();
    },
  };
}
