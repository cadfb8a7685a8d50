import type { ChartSeries } from './chartTypes.ts';

export type SeriesLook = Pick<ChartSeries, 'color' | 'dash' | 'marker' | 'markerRotation'>;

const shapes: Readonly<Record<NonNullable<ChartSeries['marker']>, string>> = {
  circle: 'M13 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
  rect: 'M13.5 2.5h7v7h-7z',
  rectRounded: 'M15 2.5h4l1.5 1.5v4l-1.5 1.5h-4l-1.5 -1.5v-4z',
  triangle: 'M17 1.5l4.5 8h-9z',
  rectRot: 'M17 1.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z',
  cross: 'M17 2v8M13 6h8',
  crossRot: 'M14 3l6 6M20 3l-6 6',
  star: 'M17 1.5v9M13.1 3.7l7.8 4.5M20.9 3.7l-7.8 4.5',
};

/** The stroke and the sign of a curve, as its key in a table. */
export function SeriesKey({ color, dash, marker = 'circle', markerRotation = 0 }: SeriesLook) {
  return (
    <svg class="series-key" width="34" height="12" aria-hidden="true" style={{ color: `var(${color})` }}>
      <path d="M0 6H34" stroke="currentColor" stroke-width="2.2" stroke-dasharray={dash.join(' ') || 'none'} />
      <path
        d={shapes[marker]}
        fill="currentColor"
        stroke="currentColor"
        stroke-width="1.6"
        transform={`rotate(${markerRotation} 17 6)`}
      />
    </svg>
  );
}
