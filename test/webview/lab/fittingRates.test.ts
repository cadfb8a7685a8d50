import { describe, expect, it } from 'vitest';
import { race } from '../../../engine/landscape/race.ts';
import { optimizerTypes } from '../../../engine/model/optimizerFields.ts';
import { surfaceNames, surfaceTable } from '../../../engine/model/surfaceTable.ts';
import type { SurfaceChoice } from '../../../engine/protocol/lab.ts';
import { fieldOn, settingsOn } from '../../../webview/lab/fittingRates.ts';

const choice = (name: (typeof surfaceNames)[number]): SurfaceChoice =>
  name === 'quadratic' ? { kind: 'quadratic', lambda: [1, 10] } : { kind: 'named', name };

describe('learning rates that suit a surface', () => {
  it.each(surfaceNames)('let every optimizer on %s go down and stay in sight', name => {
    const { start, domain } = surfaceTable[name];
    const surface = choice(name);
    const racers = optimizerTypes.map(type => ({ optimizer: settingsOn(surface, type) }));
    const tracks = race({ surface, racers, start, steps: 300, seed: 1 });
    for (const [i, { diverged, values, positions }] of tracks.entries()) {
      const who = optimizerTypes[i];
      expect(diverged, who).toBe(false);
      expect(values.at(-1), who).toBeLessThan(values[0] ?? NaN);
      const reach = Math.max(...positions.map(Math.abs));
      expect(reach, who).toBeLessThan(1.3 * Math.max(...domain.x.map(Math.abs), ...domain.y.map(Math.abs)));
    }
  });

  it('are those of the five that the article compares', () => {
    const types = fieldOn({ kind: 'formula', text: 'x^2 + y^2' }).map(({ optimizer: { type } }) => type);
    expect(types).toEqual(['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam']);
  });
});
