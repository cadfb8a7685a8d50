import { useState } from 'preact/hooks';
import type { Spread, Standing } from '../../engine/protocol/standings.ts';
import { Button } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import type { ExperimentHost } from '../kit/experimentStore.ts';
import { t } from '../kit/language.ts';
import { countText, figureText, percentText } from '../kit/numberText.ts';
import { SeriesKey } from '../kit/seriesKey.tsx';
import { SortHeader, type SortState } from '../kit/sortHeader.tsx';
import type { Contestant } from './contestants.ts';
import type { Comparison } from './state.ts';

interface RankingProps {
  readonly comparison: Comparison;
  readonly host: ExperimentHost;
  readonly seeds: number;
}

type Column = 'steps' | 'best' | 'final' | 'quality' | 'time';

/** What a column sorts by, the best first; `place` is that of the ranking, which knows about lost runs. */
const valueOf: Readonly<Record<Column, (standing: Standing, place: number) => number>> = {
  steps: ({ stepsToTarget }) => stepsToTarget ?? Infinity,
  best: (_, place) => place,
  final: ({ finalLoss }) => finalLoss?.mean ?? Infinity,
  quality: ({ quality }) => -(quality?.mean ?? -Infinity),
  time: ({ seconds }) => seconds,
};

/** The contestants by how they did. The row of the one that stands out carries the button. */
export function Ranking({ comparison, host, seeds }: RankingProps) {
  const { ranking, contestants, cells, look, change, selected, target } = comparison;
  const [sort, setSort] = useState<SortState<Column>>({ column: 'best', descending: false });
  const keys = new Map(ranking.map((standing, place) => [standing, valueOf[sort.column](standing, place)]));
  const sorted = ranking.toSorted((a, b) => (sort.descending ? -1 : 1) * compare(keys.get(a), keys.get(b)));
  const waiting = contestants.flatMap((_, variant) => (ranking.some(row => row.variant === variant) ? [] : [variant]));
  const regression = cells.some(({ result }) => result?.r2 !== undefined);
  const mostSteps = Math.max(...ranking.map(({ stepsToTarget }) => stepsToTarget ?? 0), 1);
  const losses = ranking.flatMap(({ finalLoss }) => (finalLoss ? [finalLoss.min, finalLoss.max] : []));
  const scale = stripScale(losses);
  const header = { sort, onSort: setSort };
  const toggle = (variant: number) => (shown: boolean) =>
    change({ hidden: shown ? look.hidden.filter(other => other !== variant) : [...look.hidden, variant] });
  return (
    <section class="rank" aria-label={t('Ranking')}>
      <table data-testid="ranking">
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t('Shown')}</span>
            </th>
            <th scope="col">
              <span class="unseen">{t('Rank')}</span>
            </th>
            <th scope="col">{t('Optimizer')}</th>
            <th scope="col" class="r">
              {t('Learning rate')}
            </th>
            <th scope="col" class="r hide">
              {t('Rows')}
            </th>
            <SortHeader column="steps" title={t('Steps to target')} {...header} />
            <th scope="col" class="roomy">
              <span class="unseen">{t('Steps as a bar')}</span>
            </th>
            <SortHeader column="best" title={t('Best loss')} {...header} />
            <SortHeader
              column="final"
              title={seeds === 1 ? t('Final loss, 1 seed') : t('Final loss, {0} seeds', seeds)}
              class="hide"
              {...header}
            />
            <th scope="col" class="hide">
              <span class="unseen">{t('Spread of the final loss')}</span>
            </th>
            <SortHeader column="quality" title={regression ? 'R²' : t('Accuracy')} {...header} />
            <SortHeader column="time" title={t('Time')} class="hide" {...header} />
            <th scope="col">
              <span class="unseen">{t('Use')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((standing, i) => (
            <Row
              key={standing.variant}
              place={i + 1}
              standing={standing}
              contestant={contestants[standing.variant]}
              regression={regression}
              shown={!look.hidden.includes(standing.variant)}
              chosen={standing.variant === selected}
              stepsShare={(standing.stepsToTarget ?? 0) / mostSteps}
              targeted={target !== undefined}
              scale={scale}
              onShow={toggle(standing.variant)}
              onChoose={() => change({ selected: standing.variant })}
              onUse={() => void host.useVariant.asEvent(standing.variant)}
            />
          ))}
          {waiting.map(variant => {
            const runs = cells.filter(cell => cell.variant === variant);
            const over = runs.flatMap(({ result }) => result ?? []);
            const contestant = contestants[variant];
            return (
              <tr key={variant} class="muted" data-testid={`rank-${contestant?.name ?? ''}`}>
                <td>
                  <Checkbox
                    label={t('Show {0}', contestant?.title ?? '')}
                    value={!look.hidden.includes(variant)}
                    onCommit={toggle(variant)}
                  />
                </td>
                <td />
                <td>
                  <NameCell contestant={contestant} />
                </td>
                <td class="r">{contestant?.learningRate === undefined ? '' : figureText(contestant.learningRate)}</td>
                <td colSpan={9}>
                  {over.length === 0
                    ? t('Not over yet')
                    : (over[0]?.message ?? t('{0} with every seed', over[0]?.reason ?? ''))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Two that are both without a value are equal. */
const compare = (a = 0, b = 0): number => (a === b ? 0 : a - b);

interface RowProps {
  readonly place: number;
  readonly standing: Standing;
  readonly contestant: Contestant | undefined;
  readonly regression: boolean;
  readonly shown: boolean;
  readonly chosen: boolean;
  readonly stepsShare: number;
  readonly targeted: boolean;
  readonly scale: (loss: number) => number;
  readonly onShow: (shown: boolean) => void;
  readonly onChoose: () => void;
  readonly onUse: () => void;
}

function Row({ standing, contestant, regression, chosen, scale, ...row }: RowProps) {
  const { bestLoss, finalLoss, quality, seconds, stepsToTarget, reached, runs, lost } = standing;
  const color = `var(${contestant?.look.color ?? '--fg'})`;
  const all = runs + lost;
  return (
    <tr
      class={chosen ? 'sel' : ''}
      onClick={row.onChoose}
      data-testid={`rank-${contestant?.name ?? ''}`}
      data-place={row.place}
      data-best={bestLoss.mean}
      data-steps={stepsToTarget}
    >
      <td>
        <Checkbox label={t('Show {0}', contestant?.title ?? '')} value={row.shown} onCommit={row.onShow} />
      </td>
      <td class="place">{row.place}</td>
      <td>
        <button type="button" class="pick" aria-pressed={chosen} onClick={row.onChoose}>
          <NameCell contestant={contestant} />
        </button>
        {lost > 0 && <span class="warnc small"> {t('{0} of {1} lost', lost, all)}</span>}
      </td>
      <td class="r">{contestant?.learningRate === undefined ? '' : figureText(contestant.learningRate)}</td>
      <td class="r hide">{contestant?.batchSize === 'full' ? t('all') : contestant?.batchSize}</td>
      <td class="r">
        {stepsToTarget === undefined ? (
          row.targeted && <span class="quiet">{t('not reached')}</span>
        ) : (
          <>
            <b>{countText(stepsToTarget)}</b>
            {reached < all && <span class="quiet small"> {t('({0} of {1})', reached, all)}</span>}
          </>
        )}
      </td>
      <td class="roomy">
        <svg class="strip" width="112" height="8" aria-hidden="true">
          <rect width="112" height="8" rx="1" fill="var(--grid)" />
          <rect width={112 * row.stepsShare} height="8" rx="1" fill={color} />
        </svg>
      </td>
      <td class="r">{figureText(bestLoss.mean)}</td>
      <td class="r hide">{finalLoss && figureText(finalLoss.mean)}</td>
      <td class="hide">{finalLoss && <SpreadStrip spread={finalLoss} color={color} scale={scale} />}</td>
      <td class="r">
        {quality && (regression ? figureText(quality.mean) : percentText(quality.mean))}
        {quality && all > 1 && (
          <span class="quiet small wide">
            {' '}
            ± {regression ? figureText(quality.deviation, 2) : (quality.deviation * 100).toFixed(1)}
          </span>
        )}
      </td>
      <td class="r hide">{figureText(seconds)} s</td>
      <td class="use">
        {chosen && (
          <Button
            appearance="primary"
            onPress={row.onUse}
            testId="use-button"
            title={t('Write this optimizer, its learning rate and its batch size into the model')}
          >
            <div class="one-line">
              {t('Use')}
              <span class="wide"> {t('this optimizer')}</span>
            </div>
          </Button>
        )}
      </td>
    </tr>
  );
}

function NameCell({ contestant }: { readonly contestant: Contestant | undefined }) {
  if (!contestant) return null;
  return (
    <span class="named">
      <SeriesKey {...contestant.look} />
      {contestant.title}
    </span>
  );
}

const stripWidth = 134;

/** Places losses on a strip by their logarithms. */
function stripScale(losses: readonly number[]): (loss: number) => number {
  const positive = losses.filter(loss => loss > 0);
  const [low, high] = [Math.log(Math.min(...positive)), Math.log(Math.max(...positive))];
  return loss =>
    4 +
    (stripWidth - 8) *
      (positive.length === 0 || high === low ? 0.5 : (Math.log(Math.max(loss, Math.exp(low))) - low) / (high - low));
}

/** From the lowest to the highest over the seeds, the mean as a dot. */
function SpreadStrip({
  spread: { min, max, mean },
  color,
  scale,
}: {
  readonly spread: Spread;
  readonly color: string;
  readonly scale: (loss: number) => number;
}) {
  return (
    <svg class="strip" width={stripWidth} height="14" aria-hidden="true">
      <path d={`M4 7H${stripWidth - 4}`} stroke="var(--grid)" />
      <path d={`M${scale(min)} 7H${scale(max)}`} stroke={color} stroke-width="4" stroke-linecap="round" opacity="0.5" />
      <circle cx={scale(mean)} cy="7" r="3.4" fill={color} />
    </svg>
  );
}
