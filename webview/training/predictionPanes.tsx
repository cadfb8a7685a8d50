import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { t } from '../kit/language.ts';
import { percentText } from '../kit/numberText.ts';
import { BoundaryPane } from './boundaryPane.tsx';
import { FitPane } from './fitPane.tsx';
import { MistakesPane } from './mistakesPane.tsx';
import { splitWord } from './splitWord.ts';

/** What the network answers by now, beside the curves. */
export function PredictionPanes({ predictions }: { readonly predictions: PredictionsEvent }) {
  const { boundary, fit, confusion, mistakes } = predictions;
  return (
    <div class="predictions">
      {boundary && <BoundaryPane predictions={predictions} boundary={boundary} />}
      {fit && <FitPane fit={fit} split={predictions.split} />}
      {confusion && <ConfusionPane predictions={predictions} confusion={confusion} />}
      {mistakes && mistakes.length > 0 && <MistakesPane predictions={predictions} mistakes={mistakes} />}
    </div>
  );
}

interface ConfusionProps {
  readonly predictions: PredictionsEvent;
  readonly confusion: readonly (readonly number[])[];
}

/** A row for each class as it is, a column for each as it is predicted. */
function ConfusionPane({ predictions: { classNames, split }, confusion }: ConfusionProps) {
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const name = (i: number) => classNames[i] ?? String(i);
  return (
    <section class="pane" aria-label={t('Confusion matrix')}>
      <header>
        <span class="title">{t('Confusion')}</span>
        <span class="muted">{splitWord(split)}</span>
        <span class="grow" />
        <b data-testid="confusion-accuracy">{percentText(right / (all || 1))}</b>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('Confusion matrix')}>
        <table class="confusion" data-testid="confusion">
          <thead>
            <tr>
              <th scope="col" class="muted">
                {t('is \\ predicted')}
              </th>
              {confusion.map((_, i) => (
                <th key={i} scope="col" title={name(i)}>
                  {name(i)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.map((row, i) => {
              const total = row.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={i}>
                  <th scope="row" title={name(i)}>
                    {name(i)}
                  </th>
                  {row.map((count, j) => (
                    <td
                      key={j}
                      class={i === j ? 'right' : count > 0 ? 'wrong' : 'none'}
                      style={{ '--share': count / (total || 1) }}
                    >
                      {count === 0 ? '·' : count}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
