import type { MetricsEvent } from '../../engine/protocol/events.ts';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { table } from './curves.ts';

/** Rows shown at once; the whole table is in *Copy as CSV*. */
const shownRows = 500;

/** The latest metrics as a table, newest first. */
export function MetricsTable({ metrics }: { readonly metrics: readonly MetricsEvent[] }) {
  const { columns, rows } = table(metrics.slice(-shownRows));
  return (
    <div class="table" tabIndex={0} role="region" aria-label={t('Metrics')}>
      <table>
        <thead>
          <tr>
            {columns.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(cells => (
            <tr key={cells[1]}>
              {cells.map((cell, i) => (
                <td key={columns[i]}>{cell === undefined ? '' : i < 2 ? cell : figureText(cell, 5)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {metrics.length > shownRows && (
        <p class="muted">{t('The latest {0} of {1} rows. Copy as CSV takes them all.', shownRows, metrics.length)}</p>
      )}
    </div>
  );
}
