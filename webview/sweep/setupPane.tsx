import { EngineError } from '../../engine/model/errors.ts';
import { gridVariants, readAxis } from '../../engine/model/experiments/sweep.ts';
import { count } from '../../engine/model/fields.ts';
import type { SetupState, SweepSetup } from '../../engine/protocol/experimentViews.ts';
import { Button, Icon, IconButton } from '../kit/button.tsx';
import { RunsCompute } from '../kit/computes.tsx';
import { Dropdown } from '../kit/dropdown.tsx';
import type { ExperimentHost } from '../kit/experimentStore.ts';
import { t } from '../kit/language.ts';
import { NumberField } from '../kit/numberField.tsx';
import { Segments } from '../kit/segments.tsx';
import { TextField } from '../kit/textField.tsx';

interface SetupPaneProps {
  readonly state: SetupState;
  readonly setup: SweepSetup;
  readonly busy: boolean;
  readonly host: ExperimentHost;
}

const seedsField = count(1, 1, 100, t('Each combination trains so often, with different initial weights.'));
const randomField = count(20, 1, 1000, t('How many combinations to draw.'));

/** What is wrong with the values of a field; undefined when nothing is. */
function problemOf(path: string, values: string): string | undefined {
  try {
    readAxis(`${path}=${values}`);
    return undefined;
  } catch (thrown) {
    return EngineError.from(thrown).message;
  }
}

/** How many combinations there are; undefined while they cannot be told. */
function combinations({ axes, random }: SweepSetup): number | undefined {
  if (random !== undefined) return random;
  try {
    return gridVariants(axes.map(({ path, values }) => readAxis(`${path}=${values}`))).length;
  } catch {
    return undefined;
  }
}

/** Which fields vary, over which values. */
export function SetupPane({ state, setup, busy, host }: SetupPaneProps) {
  const change = (part: Partial<SweepSetup>) => void host.changeSetup.asEvent({ ...setup, ...part });
  const changeAxis = (index: number, part: Partial<SweepSetup['axes'][number]>) =>
    change({ axes: setup.axes.map((axis, i) => (i === index ? { ...axis, ...part } : axis)) });
  const paths = [...new Set([...state.fields.map(({ path }) => path), ...setup.axes.map(({ path }) => path)])];
  const free = state.fields.find(({ path }) => !setup.axes.some(axis => axis.path === path));
  const runs = combinations(setup);
  const { random, ...grid } = setup;
  return (
    <section class="setup" aria-label={t('Setup')}>
      {setup.axes.map(({ path, values }, i) => (
        <div class="axis" key={i} data-testid={`axis-${i}`}>
          <span class="path">
            <Dropdown
              label={t('Field {0}', i + 1)}
              value={path}
              values={paths}
              onCommit={chosen => changeAxis(i, { path: chosen })}
              disabled={busy}
            />
          </span>
          <TextField
            label={t('Values of {0}', path)}
            value={values}
            check={text => problemOf(path, text)}
            onCommit={text => changeAxis(i, { values: text })}
            disabled={busy}
            hint={t(
              'A list such as 4, 8, 16, or a range: log:1e-4..1e-1, linear:0..0.5, int:4..32, with :5 behind it for five points',
            )}
            testId={`values-${i}`}
          />
          <IconButton
            icon="trash"
            label={t('Do not vary {0}', path)}
            disabled={busy || setup.axes.length === 1}
            onPress={() => change({ axes: setup.axes.filter((_, k) => k !== i) })}
          />
        </div>
      ))}
      <div class="choices">
        <Button
          disabled={busy || !free}
          onPress={() => free && change({ axes: [...setup.axes, { path: free.path, values: free.value }] })}
          testId="add-axis"
        >
          <Icon name="add" /> {t('Add field')}
        </Button>
        <Segments
          label={t('Combinations')}
          value={random === undefined ? 'grid' : 'random'}
          values={[
            ['grid', t('Every combination')],
            ['random', t('Random')],
          ]}
          onChoose={kind =>
            void host.changeSetup.asEvent(kind === 'grid' ? grid : { ...setup, random: random ?? randomField.default })
          }
          testId="combinations"
        />
        {random !== undefined && (
          <span class="narrow">
            <NumberField
              label={t('Combinations to draw')}
              field={randomField}
              value={random}
              onCommit={value => change({ random: value })}
              disabled={busy}
              testId="random"
            />
          </span>
        )}
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
        {runs !== undefined && (
          <span class="muted" data-testid="run-count">
            {runs * setup.seeds === 1 ? t('1 run') : t('{0} runs', runs * setup.seeds)}
          </span>
        )}
        <RunsCompute asked={state.backend} />
      </div>
      {state.problem !== undefined && (
        <p class="errc" role="alert">
          {state.problem}
        </p>
      )}
    </section>
  );
}
