import type { Plugin } from 'chart.js';

/** A vertical line with a word, such as a change of the learning rate. */
export interface ChartMarker {
  readonly x: number;
  readonly label: string;
}

/** Vertical dotted lines with their words on top. */
export function markerLines(markers: () => readonly ChartMarker[], color: () => string): Plugin<'line'> {
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
        if (at < chartArea.left || at > chartArea.right) continue;
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
