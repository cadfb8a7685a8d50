import type { Plugin } from 'chart.js';
import type { ChartLevel } from './chartTypes.ts';

/** Horizontal dashed lines with their words at the right. */
export function levelLines(levels: () => readonly ChartLevel[], color: () => string): Plugin<'line'> {
  return {
    id: 'levelLines',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { y } = scales;
      if (!y) return;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = color();
      ctx.setLineDash([3, 4]);
      ctx.textAlign = 'right';
      for (const level of levels()) {
        const at = y.getPixelForValue(level.y);
        if (at < chartArea.top || at > chartArea.bottom) continue;
        ctx.beginPath();
        ctx.moveTo(chartArea.left, at);
        ctx.lineTo(chartArea.right, at);
        ctx.stroke();
        ctx.fillText(level.label, chartArea.right - 4, at - 5);
      }
      ctx.restore();
    },
  };
}
