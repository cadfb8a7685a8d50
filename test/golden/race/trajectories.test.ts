import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { walkTrack } from '../../../engine/landscape/walk.ts';
import { surfaces } from '../../../engine/landscape/surfaces.ts';
import { optimizerForms } from '../../../engine/model/fields.ts';
import { optimizerTypes } from '../../../engine/model/optimizerFields.ts';
import type { OptimizerSettings } from '../../../engine/model/schema.ts';
import { surfaceNames, type Point, type SurfaceName } from '../../../engine/model/surfaceTable.ts';

/** What makeTrajectories.py computed with 40 digits. */
interface Trajectory {
  readonly surface: SurfaceName;
  readonly start: Point;
  readonly optimizer: OptimizerSettings;
  /** The last step up to which float64 can follow. */
  readonly reliable: number;
  readonly points: readonly (readonly [step: number, x: number, y: number])[];
}

const trajectories = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'trajectories.json'), 'utf8'),
) as readonly Trajectory[];

const name = ({ type, form, ...rest }: OptimizerSettings) =>
  `${type} ${form}${'nesterov' in rest && rest.nesterov ? ' nesterov' : ''}`;

describe('the references of 40 digits', () => {
  it('cover every surface under every optimizer in every form', () => {
    const covered = new Set(trajectories.map(({ surface, optimizer: { type, form } }) => `${surface} ${type} ${form}`));
    const all = surfaceNames.flatMap(surface =>
      optimizerTypes.flatMap(type => optimizerForms.map(form => `${surface} ${type} ${form}`)),
    );
    expect([...covered].sort()).toEqual(all.sort());
  });

  it('can be followed in float64 for at least forty steps', () => {
    expect(trajectories.filter(({ reliable }) => reliable < 40).map(({ surface, optimizer }) => [surface, optimizer])).toEqual([]);
  });
});

describe.each(surfaceNames)('on the surface %s', surface => {
  const cases = trajectories
    .filter(trajectory => trajectory.surface === surface)
    .map(trajectory => [name(trajectory.optimizer), trajectory] as const);

  it.each(cases)('%s goes where the 40-digit computation goes, to 1e-8', (_, { start, optimizer, points }) => {
    const last = points.at(-1)?.[0] ?? 0;
    const { positions } = walkTrack({ surface: surfaces[surface], optimizer, start }, last);
    for (const [step, x, y] of points) {
      expect(Math.abs((positions[2 * step] ?? NaN) - x)).toBeLessThan(1e-8);
      expect(Math.abs((positions[2 * step + 1] ?? NaN) - y)).toBeLessThan(1e-8);
    }
  });
});
