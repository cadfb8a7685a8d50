import { contestantRows } from '../../engine/model/experiments/contestants.ts';
import type { RateTrial } from '../../engine/model/experiments/learningRates.ts';
import { count } from '../../engine/model/fields.ts';
import { optimizerFields } from '../../engine/model/optimizerFields.ts';
import type { ComparisonSetup, ExperimentPhase, SetupState } from '../../engine/protocol/experimentViews.ts';
import { Button, Icon } from '../kit/button.tsx';
import { Checkbox } from '../kit/checkbox.tsx';
import type { ExperimentHost } from '../kit/experimentStore.ts';
import { RunsCompute } from '../kit/computes.tsx';
import { t, tableText } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import { figureText } from '../kit/numberText.ts';
import { Segments } from '../kit/segments.tsx';
import { SeriesKey } from '../kit/seriesKey.tsx';
import { contestantLooks } from './looks.ts';

interface SetupPaneProps {
  readonly state: SetupState;
  readonly setup: ComparisonSetup;
  readonly phase: ExperimentPhase;
  readonly host: ExperimentHost;
}

type Entry = ComparisonSetup['contestants'][number];

const seedsField = count(
  3,
  1,
  100,
  t('Each optimizer trains so often, every time with other data order and initial weights.'),
);

/** Who takes part, with which learning rate and how often. */
export function SetupPane({ state, setup, phase, host }: SetupPaneProps) {
  const busy = phase !== 'idle';
  const change = (part: Partial<ComparisonSetup>) => void host.changeSetup.asEvent({ ...setup, ...part });
  const changeEntry = (name: Entry['name'], part: Partial<Entry>) =>
    change({ contestants: setup.contestants.map(entry => (entry.name === name ? { ...entry, ...part } : entry)) });
  return (
    <section class="setup" aria-label={t('Setup')}>
      <div class="choices">
        <span class="muted">{t('Learning rates')}</span>
        <Segments
          label={t('Learning rates')}
          value={setup.rates}
          values={[
            ['own', t('Own')],
            ['tuned', t('Tuned')],
            ['shared', t('Shared')],
          ]}
          onChoose={rates => change({ rates })}
          testId="rates"
        />
        {setup.rates === 'shared' && (
          <span class="narrow">
            <NumberField
              label={t('Shared learning rate')}
              field={optimizerFields.sgd.learningRate}
              value={setup.sharedRate}
              onCommit={sharedRate => change({ sharedRate })}
              disabled={busy}
            />
          </span>
        )}
        <Button
          onPress={() => void host.tune.asEvent()}
          disabled={busy || state.problem !== undefined}
          title={t(
            'A range test for each optimizer: short trainings with rates from 0.0001 to 5; the one with the lowest training loss is taken',
          )}
          testId="tune-button"
        >
          <Icon name="target" /> {t('Tune learning rates')}
        </Button>
        <span class="muted">{t('Seeds')}</span>
        <span class="narrow">
          <NumberField
            label={t('Seeds')}
            field={seedsField}
            value={setup.seeds}
            onCommit={seeds => change({ seeds })}
            disabled={busy}
            testId="seeds"
          />
        </span>
        <RunsCompute asked={state.backend} />
      </div>
      {state.problem !== undefined && (
        <p class="errc" role="alert">
          {state.problem}
        </p>
      )}
      <div class="contestants">
        {setup.contestants.map((entry, i) => (
          <ContestantRow
            key={entry.name}
            entry={entry}
            batchSize={state.batchSizes[i]}
            shared={setup.rates === 'shared' ? setup.sharedRate : undefined}
            busy={busy}
            onChange={part => changeEntry(entry.name, part)}
          />
        ))}
      </div>
    </section>
  );
}

interface ContestantRowProps {
  readonly entry: Entry;
  readonly batchSize: number | 'full' | undefined;
  readonly shared: number | undefined;
  readonly busy: boolean;
  readonly onChange: (part: Partial<Entry>) => void;
}

function ContestantRow({ entry, batchSize, shared, busy, onChange }: ContestantRowProps) {
  const title = tableText(contestantRows[entry.name].title);
  return (
    <div class="contestant" data-testid={`contestant-${entry.name}`}>
      <Checkbox label={title} value={entry.checked} onCommit={checked => onChange({ checked })} disabled={busy} />
      <SeriesKey {...contestantLooks[entry.name]} />
      <span class="name">
        {title}
        <span class="muted small"> · {batchText(batchSize)}</span>
      </span>
      {entry.trials && <TrialsLine trials={entry.trials} chosen={entry.learningRate} />}
      <span class="narrow">
        <NumberField
          label={t('Learning rate of {0}', title)}
          field={optimizerFields.sgd.learningRate}
          value={shared ?? entry.learningRate}
          onCommit={learningRate => onChange({ learningRate })}
          disabled={busy || shared !== undefined}
          testId={`rate-${entry.name}`}
        />
      </span>
    </div>
  );
}

const batchText = (batchSize: number | 'full' | undefined) =>
  batchSize === 'full' ? t('all rows') : batchSize === 1 ? t('1 row') : t('{0} rows', batchSize ?? '?');

const [width, height] = [64, 18];

/** The range test as a line: loss over the logarithm of the rate, the chosen one marked, gaps where it diverged. */
function TrialsLine({ trials, chosen }: { readonly trials: readonly RateTrial[]; readonly chosen: number }) {
  const losses = trials.flatMap(({ loss }) => loss ?? []);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const place = ({ loss }: RateTrial, i: number) => ({
    x: 2 + ((width - 4) * i) / Math.max(1, trials.length - 1),
    y: loss === undefined ? undefined : 2 + (height - 4) * (1 - (loss - low) / (high - low || 1)),
  });
  const places = trials.map(place);
  const path = places
    .map(({ x, y }, i) => (y === undefined ? '' : `${i === 0 || places[i - 1]?.y === undefined ? 'M' : 'L'}${x} ${y}`))
    .join('');
  const best = trials.findIndex(({ learningRate }) => learningRate === chosen);
  const mark = places[best];
  const diverged = trials.length - losses.length;
  const summary =
    diverged > 0
      ? t(
          'Range test: lowest loss {0} at {1}, {2} of {3} rates diverged.',
          figureText(low),
          figureText(chosen),
          diverged,
          trials.length,
        )
      : t('Range test: lowest loss {0} at {1}.', figureText(low), figureText(chosen));
  return (
    <svg class="trials" width={width} height={height} role="img" aria-label={summary}>
      <title>{summary}</title>
      <path d={path} fill="none" stroke="var(--muted)" stroke-width="1.2" />
      {mark?.y !== undefined && <circle cx={mark.x} cy={mark.y} r="2.6" fill="var(--fg)" />}
    </svg>
  );
}
