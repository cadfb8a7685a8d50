import type { ChartSeries } from '../kit/chartTypes.ts';
import { t } from '../kit/language.ts';
import { figureText, percentText } from '../kit/numberText.ts';

/** Rows of the table; all points are in *Copy as CSV*. */
const shownRows = 50;

interface CurveTableProps {
  readonly series: readonly ChartSeries[];
  readonly axisTitle: string;
  readonly percent: boolean;
}

/** The curves as numbers: a column a contestant, rows spread evenly over the axis. */
export function CurveTable({ series, axisTitle, percent }: CurveTableProps) {
  const all = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(all.length / shownRows));
  const grid = all.filter((_, i) => i % stride === 0 || i === all.length - 1);
  const text = percent ? percentText : (value: number) => figureText(value, 4);
  return (
    <div class="table" tabIndex={0} role="region" aria-label={t('Curves')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{axisTitle}</th>
            {series.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.map(x => (
            <tr key={x}>
              <td>{figureText(x, 5)}</td>
              {series.map(({ label, points }) => {
                const point = points.findLast(candidate => candidate.x <= x);
                return <td key={label}>{point ? text(point.y) : ''}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
