import type { ChartMarker } from './chartMarkers.ts';

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
  /** A sign on the curve, so that colour is not the only difference. */
  readonly marker?: 'circle' | 'rect' | 'triangle' | 'rectRot' | 'cross' | 'star';
  /** Thin and pale: what a smoothed curve was made of. */
  readonly faint?: boolean;
}

export interface LineChartProps {
  /** What the picture shows, in words. */
  readonly summary: string;
  readonly series: readonly ChartSeries[];
  readonly xLabel: string;
  /** Where the x axis ends, although the curves have not come so far. */
  readonly xMax: number;
  readonly logarithmic?: boolean;
  readonly percent?: boolean;
  readonly markers?: readonly ChartMarker[];
  /** What stands above the values at x; the epoch unless told otherwise. */
  readonly titleOf?: (x: number) => string;
  readonly testId: string;
}
