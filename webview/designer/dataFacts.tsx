import { missingText } from '../../engine/protocol/dataText.ts';
import type { DataDescription } from '../../engine/protocol/trainer.ts';
import { t } from '../kit/language.ts';
import { countText, figureText } from '../kit/numberText.ts';
import { BalanceBar, classColor } from './dataPreview.tsx';

const shownClasses = 12;
const shownInputs = 12;

/** What the data hold: rows, the balance of classes, the range of each input, and the first rows as they stand. */
export function DataFacts({ data }: { readonly data: DataDescription }) {
  const { rows, classes, statistics, firstRows } = data;
  return (
    <div class="wide data-facts" data-testid="data-facts">
      <div class="note">
        {t(
          '{0} rows to train, {1} to validate, {2} to test.',
          countText(rows.train),
          countText(rows.validation),
          countText(rows.test),
        )}{' '}
        {missingText(data)}
      </div>
      {classes.length > 0 && <Classes data={data} />}
      {statistics.length > 0 && <Statistics data={data} />}
      {firstRows.length > 0 && <FirstRows data={data} />}
    </div>
  );
}

function Classes({ data }: { readonly data: DataDescription }) {
  const { classes, balance } = data;
  return (
    <div data-testid="class-balance">
      <svg class="balance" viewBox="0 0 240 5" height="5" preserveAspectRatio="none" aria-hidden="true">
        <BalanceBar data={data} width={240} />
      </svg>
      <ul class="classes" aria-label={t('Rows of each class')}>
        {classes.slice(0, shownClasses).map((name, i) => (
          <li key={name}>
            <span class="swatch" style={{ background: `var(${classColor(i, classes.length)})` }} aria-hidden="true" />
            <span class="grow">{name}</span>
            <span class="muted">{countText(balance[i] ?? 0)}</span>
          </li>
        ))}
        {classes.length > shownClasses && <li class="muted">{t('and {0} more', classes.length - shownClasses)}</li>}
      </ul>
    </div>
  );
}

function Statistics({ data: { statistics, inputs } }: { readonly data: DataDescription }) {
  return (
    <table aria-label={t('Inputs before they are normalized')}>
      <thead>
        <tr>
          <th scope="col">{t('input')}</th>
          <th scope="col">{t('min')}</th>
          <th scope="col">{t('mean')}</th>
          <th scope="col">{t('max')}</th>
        </tr>
      </thead>
      <tbody>
        {statistics.slice(0, shownInputs).map(({ name, minimum, mean, maximum }) => (
          <tr key={name}>
            <td title={name}>{name}</td>
            <td>{figureText(minimum)}</td>
            <td>{figureText(mean)}</td>
            <td>{figureText(maximum)}</td>
          </tr>
        ))}
        {inputs > shownInputs && (
          <tr>
            <td colSpan={4} class="muted">
              {t('and {0} more', countText(inputs - shownInputs))}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function FirstRows({ data: { columns, firstRows } }: { readonly data: DataDescription }) {
  const width = firstRows[0]?.length ?? 0;
  return (
    <div class="first-rows" tabindex={0} role="region" aria-label={t('First rows of the table')}>
      <table>
        <thead>
          <tr>
            {columns.slice(0, width).map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {firstRows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
