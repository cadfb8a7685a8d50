import { figureText } from '../kit/numberText.ts';
import type { Lab } from './lab.ts';
import { entrantsOf, type LabState } from './state.ts';
import { usePlayback } from './usePlayback.ts';

/** Where everybody is, as a table: the same that the pictures show. */
export function PositionsTable({ lab, state }: { readonly lab: Lab; readonly state: LabState }) {
  const { step } = usePlayback(lab.playback);
  const isRace = state.mode === 'surface';
  return (
    <div class="table" tabIndex={0} role="region" aria-label="Positions">
      <table data-testid="positions">
        <caption class="muted">
          {isRace ? `Positions after step ${step}` : `Positions in the plane at point ${step} of each path`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Optimizer</th>
            {!isRace && <th scope="col">epoch</th>}
            <th scope="col">x</th>
            <th scope="col">y</th>
            <th scope="col">{isRace ? 'f' : 'loss'}</th>
            {isRace && <th scope="col">‖g‖</th>}
            <th scope="col">state</th>
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
                    ? 'moving'
                    : diverged
                      ? 'diverged'
                      : isRace && at < state.setup.steps
                        ? `rests after ${at} steps`
                        : 'at its end'}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
