import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import { SortHeader, type SortState } from '../kit/sortHeader.tsx';
import { valueText } from './axes.ts';
import type { SweepRow } from './rows.ts';

interface ResultsTableProps {
  readonly paths: readonly string[];
  /** The best first. */
  readonly rows: readonly SweepRow[];
  readonly selected: number | undefined;
  readonly onSelect: (variant: number) => void;
  readonly onUse: (variant: number) => void;
}

const figures = [
  ['bestLoss', t('Best loss'), ({ standing }: SweepRow) => standing.bestLoss.mean],
  ['bestEpoch', t('At epoch'), ({ standing }: SweepRow) => standing.bestEpoch],
  ['finalLoss', t('Final loss'), ({ standing }: SweepRow) => standing.finalLoss?.mean],
  ['quality', t('Accuracy or R²'), ({ standing }: SweepRow) => standing.quality?.mean],
  ['seconds', t('Seconds'), ({ standing }: SweepRow) => standing.seconds],
] as const;

/** Every combination and how it did; each column sorts. */
export function ResultsTable({ paths, rows, selected, onSelect, onUse }: ResultsTableProps) {
  const [sort, setSort] = useState<SortState<string>>({ column: 'bestLoss', descending: false });
  const places = new Map(rows.map(({ standing }, i) => [standing.variant, i + 1]));
  const figure = figures.find(([name]) => name === sort.column);
  const column = paths.indexOf(sort.column);
  const valueIn = (row: SweepRow) => (figure ? figure[2](row) : row.values[column]);
  const sorted = rows.toSorted((a, b) => (sort.descending ? -1 : 1) * order(valueIn(a), valueIn(b)));
  const header = { sort, onSort: setSort };
  return (
    <section class="rank" aria-label={t('Results')}>
      <table data-testid="results">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t('Rank')}</span>
            </th>
            {paths.map(path => (
              <SortHeader key={path} column={path} title={path} {...header} />
            ))}
            {figures.map(([name, title]) => (
              <SortHeader key={name} column={name} title={title} {...header} />
            ))}
            <th scope="col">
              <span class="unseen">{t('Use')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(row => {
            const { variant, lost, runs } = row.standing;
            const chosen = variant === selected;
            return (
              <tr
                key={variant}
                class={chosen ? 'sel' : ''}
                onClick={() => onSelect(variant)}
                data-testid="result-row"
                data-variant={variant}
                data-best={row.standing.bestLoss.mean}
              >
                <td class="place">
                  <button
                    type="button"
                    class="pick"
                    aria-pressed={chosen}
                    aria-label={t('Combination {0}', places.get(variant) ?? '')}
                    onClick={() => onSelect(variant)}
                  >
                    {places.get(variant)}
                  </button>
                </td>
                {row.values.map((value, i) => (
                  <td key={paths[i]} class="r">
                    {valueText(value)}
                  </td>
                ))}
                {figures.map(([name, , of]) => {
                  const value = of(row);
                  return (
                    <td key={name} class="r">
                      {value === undefined ? '' : figureText(value, 4)}
                      {name === 'bestLoss' && lost > 0 && (
                        <span class="warnc small"> {t('{0} of {1} lost', lost, lost + runs)}</span>
                      )}
                    </td>
                  );
                })}
                <td class="use">
                  {chosen && (
                    <Button
                      appearance="primary"
                      onPress={() => onUse(variant)}
                      testId="use-button"
                      title={t('Write these values into the model')}
                    >
                      <div class="one-line">
                        {t('Use')}
                        <span class="wide"> {t('these values')}</span>
                      </div>
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Numbers by size, texts by the alphabet, what is missing last. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return JSON.stringify(a).localeCompare(JSON.stringify(b));
}
