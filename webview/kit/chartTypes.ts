import type { ChartMarker } from './chartMarkers.ts';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

/** A curve keeps between `low` and `high` at x. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** A horizontal line with a word, such as a target. */
export interface ChartLevel {
  readonly y: number;
  readonly label: string;
}

export interface ChartSeries {
  readonly label: string;
  /** A variable of the theme. */
  readonly color: string;
  readonly dash: readonly number[];
  /** In the order of x. */
  readonly points: readonly ChartPoint[];
  /** A sign on the curve, so that colour is not the only difference. */
  readonly marker?: 'circle' | 'rect' | 'rectRounded' | 'triangle' | 'rectRot' | 'cross' | 'crossRot' | 'star';
  /** Turns the sign, in degrees: a triangle that points down. */
  readonly markerRotation?: number;
  /** A region behind the curve, such as the spread over seeds. */
  readonly band?: readonly BandPoint[];
  /** Thicker, as the one that is looked at. */
  readonly strong?: boolean;
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
  readonly levels?: readonly ChartLevel[];
  /** Writes the name of each curve at its end. */
  readonly endLabels?: boolean;
  /** The curves have points at different x: the pointer shows the nearest one alone. */
  readonly unevenX?: boolean;
  /** What stands above the values at x; the epoch unless told otherwise. */
  readonly titleOf?: (x: number) => string;
  readonly testId: string;
}
