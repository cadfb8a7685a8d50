import { IconButton } from '../kit/button.tsx';
import { figureText } from '../kit/numberText.ts';
import type { LabOrigin } from '../../engine/protocol/views.ts';
import { t } from '../kit/language.ts';
import type { Lab } from './lab.ts';
import { phasesOf, stepRecord } from './phases.ts';
import { EntrantMark } from './phasesPane.tsx';
import { RacerEditor } from './racerEditor.tsx';
import { entrantsOf, originOf, racersOf, type Entrant, type LabState } from './state.ts';
import { usePlayback } from './usePlayback.ts';

interface RacerListProps {
  readonly lab: Lab;
  readonly state: LabState;
}

/** Who takes part, with learning rate and height; one of them is selected. Below, what to see or the settings. */
export function RacerList({ lab, state }: RacerListProps) {
  const { step } = usePlayback(lab.playback);
  const entrants = entrantsOf(state);
  return (
    <aside class="list" aria-label={t('Optimizers')}>
      <header>
        <span class="title">{t('Optimizers')}</span>
        <span class="grow" />
        <IconButton
          icon="settings"
          label={state.editing ? t('Hide the settings') : t('Settings of the selected optimizer')}
          pressed={state.editing}
          onPress={() => lab.store.update({ editing: !state.editing })}
          testId="edit-button"
        />
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="sr">{t('Series')}</span>
            </th>
            <th scope="col">{t('Optimizer')}</th>
            <th scope="col" class="r">
              α
            </th>
            <th scope="col" class="r">
              {state.mode === 'surface' ? 'f' : t('loss')}
            </th>
            <th scope="col">
              <span class="sr">{t('Shown')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entrants.map(entrant => (
            <Row key={entrant.index} lab={lab} state={state} entrant={entrant} step={step} />
          ))}
        </tbody>
      </table>
      {state.editing && racersOf(state)[state.selected] ? (
        <RacerEditor lab={lab} state={state} />
      ) : (
        <p class="muted about" data-testid="about">
          {state.mode === 'surface' ? aboutRace(state) : aboutNetwork(state)}
        </p>
      )}
    </aside>
  );
}

interface RowProps extends RacerListProps {
  readonly entrant: Entrant;
  readonly step: number;
}

function Row({ lab, state, entrant, step }: RowProps) {
  const { index, name, values, selected, hidden, diverged, racer } = entrant;
  const at = Math.min(step, values.length - 1);
  const value = values[at];
  const ended = diverged && step >= values.length - 1;
  return (
    <tr class={selected ? 'sel' : ''} title={formulasOf(state, entrant, step)} data-testid="racer">
      <td>
        <EntrantMark entrant={entrant} />
      </td>
      <td>
        <button type="button" class="name" aria-pressed={selected} onClick={() => lab.select(index)}>
          {name}
        </button>
      </td>
      <td class="r">{figureText(racer.optimizer.learningRate)}</td>
      <td class="r" data-testid="racer-value" data-value={value}>
        {ended ? <span class="errc">{t('diverged')}</span> : value === undefined ? '' : figureText(value)}
      </td>
      <td>
        <IconButton
          icon={hidden ? 'eye-closed' : 'eye'}
          label={hidden ? t('Show {0}', name) : t('Hide {0}', name)}
          onPress={() => lab.toggleHidden(index)}
        />
      </td>
    </tr>
  );
}

/** What the next step computes, line by line, for whoever rests on a row. */
function formulasOf({ mode, tracks }: LabState, { index, racer }: Entrant, step: number): string | undefined {
  const track = tracks[index];
  if (mode !== 'surface' || !track || step >= track.steps) return undefined;
  return phasesOf(stepRecord(racer.optimizer, track, step))
    .map(({ formula, result: [x, y] }) => `${formula} = (${figureText(x, 5)}, ${figureText(y, 5)})`)
    .join('\n');
}

const aboutRace = ({ text, setup }: LabState): string =>
  text !== ''
    ? text
    : t(
        '{0} steps from ({1}, {2}). Play, or press F10 to see each part of a step.',
        setup.steps,
        figureText(setup.start[0]),
        figureText(setup.start[1]),
      );

function aboutNetwork({ network }: LabState): string {
  const { paths, directions, rows } = network;
  const kind = originOf(network)?.kind ?? 'seed';
  if (!paths) return aboutOrigin[kind];
  const share = `${(100 * paths.offPlaneShare).toFixed(1)}%`;
  return t(
    '{0} Loss over {1} training rows. Balls stand on the surface under their shadow; the table has the loss at the weights themselves.{2}',
    directions === 'paths'
      ? t(
          'The plane in which the paths move most; {0} of their movement (squared distance) lies off it and is not seen.',
          share,
        )
      : t(
          'Two random directions, each unit’s as long as its weights, around the last weights of {0}; {1} of all movement lies off this plane.',
          kind === 'run' ? t('the run') : t('the first optimizer'),
          share,
        ),
    rows,
    paths.note === '' ? '' : ` ${paths.note}`,
  );
}

const aboutOrigin: Readonly<Record<LabOrigin['kind'], string>> = {
  seed: t(
    'Every optimizer trains the same network from the same weights over the same batches. Its way through weight space is shown on the loss surface.',
  ),
  run: t(
    'The loss surface around the weights of a run, with the way that its checkpoints have kept. With more than 0 epochs every optimizer trains on from there, in float64.',
  ),
  live: t(
    'Draws the ways of the trainings while they run, and the loss surface under them. A comparison is followed for its first seed.',
  ),
};
