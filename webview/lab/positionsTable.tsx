import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { Lab } from './lab.ts';
import { entrantsOf, type LabState } from './state.ts';
import { usePlayback } from './usePlayback.ts';

/** Where everybody is, as a table: the same that the pictures show. */
export function PositionsTable({ lab, state }: { readonly lab: Lab; readonly state: LabState }) {
  const { step } = usePlayback(lab.playback);
  const isRace = state.mode === 'surface';
  return (
    <div class="table" tabIndex={0} role="region" aria-label={t('Positions')}>
      <table data-testid="positions">
        <caption class="muted">
          {isRace ? t('Positions after step {0}', step) : t('Positions in the plane at point {0} of each path', step)}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('Optimizer')}</th>
            {!isRace && <th scope="col">{t('epoch')}</th>}
            <th scope="col">x</th>
            <th scope="col">y</th>
            <th scope="col">{isRace ? 'f' : t('loss')}</th>
            {isRace && <th scope="col">‖g‖</th>}
            <th scope="col">{t('state')}</th>
          </tr>
        </thead>
        <tbody>
          {entrantsOf(state).map(({ index, name, positions, values, diverged }) => {
            const at = Math.max(0, Math.min(step, values.length - 1));
            const gradients = state.tracks[index]?.gradients;
            const ended = at === values.length - 1;
            return (
              <tr key={index}>
                <th scope="row">{name}</th>
                {!isRace && <td>{figureText(state.network.paths?.tracks[index]?.epochs[at] ?? 0, 4)}</td>}
                <td>{figureText(positions[2 * at] ?? 0, 7)}</td>
                <td>{figureText(positions[2 * at + 1] ?? 0, 7)}</td>
                <td>{figureText(values[at] ?? 0, 7)}</td>
                {isRace && <td>{figureText(Math.hypot(gradients?.[2 * at] ?? 0, gradients?.[2 * at + 1] ?? 0), 5)}</td>}
                <td>
                  {!ended
                    ? t('moving')
                    : diverged
                      ? t('diverged')
                      : isRace && at < state.setup.steps
                        ? t('rests after {0} steps', at)
                        : t('at its end')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
