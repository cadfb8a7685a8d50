import { describe, expect, it } from 'vitest';
import { race } from '../../../engine/landscape/race.ts';
import { surfaceTable, type Point } from '../../../engine/model/surfaceTable.ts';
import { presets } from '../../../webview/lab/presets.ts';
import { noiseBallRadius, settledAt } from '../../../webview/lab/settle.ts';

function run(title: string, steps?: number) {
  const preset = presets.find(known => known.title === title);
  if (!preset) throw new Error(`There is no preset "${title}".`);
  const { surface, racers, start } = preset;
  const tracks = race({ surface, racers, start, steps: steps ?? preset.steps, seed: 1 });
  return { preset, tracks, types: racers.map(({ optimizer: { type } }) => type) };
}

/** For each optimizer of a preset, the step from which it stays within 0.1 of a minimum. */
function settled(title: string, minima: readonly Point[], steps?: number) {
  const { tracks, types } = run(title, steps);
  return Object.fromEntries<number | undefined>(tracks.map((track, i) => [types[i] ?? '', settledAt(track, minima)]));
}

describe('the presets', () => {
  it.each(presets.map(preset => [preset.title]))('%s ends with every number finite', title => {
    for (const { diverged, values } of run(title).tracks) {
      expect(diverged).toBe(false);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('escape the saddle in the order of the article: RMSProp, Adam, momentum, GD, and AdaGrad long after', () => {
    expect(settled('Escape from a saddle', surfaceTable.quarticSaddle.minima)).toEqual({
      rmsprop: 55,
      adam: 66,
      momentum: 104,
      sgd: 258,
      adagrad: 1476,
    });
  });

  it('explore wide in the order of the article: RMSProp, AdaGrad, momentum, and GD last', () => {
    expect(settled('Wide exploration', surfaceTable.beale.minima)).toEqual({
      sgd: 453,
      adagrad: 186,
      rmsprop: 132,
      momentum: 267,
    });
    const { tracks, types } = run('Wide exploration');
    const furthest = tracks.map(({ positions }) =>
      Math.max(
        ...positions.map((_, i) =>
          i % 2 === 0 ? Math.hypot((positions[i] ?? 0) - 3, (positions[i + 1] ?? 0) - 0.5) : 0,
        ),
      ),
    );
    expect(types[furthest.indexOf(Math.max(...furthest))]).toBe('momentum');
  });

  it('end where Gradient Descent Viz ends: GD is caught at (0.905, 0), momentum reaches (−0.968, 0)', () => {
    const { tracks, types } = run('Caught in a local minimum');
    const end = (type: string) => tracks[types.findIndex(known => known === type)]?.positions.slice(-2) ?? [];
    expect([...end('sgd')].map(n => n.toFixed(3).replace('-0.000', '0.000'))).toEqual(['0.905', '0.000']);
    expect([...end('momentum')].map(n => n.toFixed(3).replace('-0.000', '0.000'))).toEqual(['-0.968', '0.000']);
    for (const type of ['adagrad', 'rmsprop']) expect(end(type)[0]).toBeGreaterThan(0.8);
    expect(end('adam')[0]).toBeLessThan(-0.9);
  });

  it('cross four valleys as their text says: adaptive ones left, plain gradients right, momentum to a third', () => {
    const { tracks, types } = run('Four valleys');
    const valley = tracks.map(track =>
      surfaceTable.himmelblau.minima.findIndex(minimum => settledAt(track, [minimum]) !== undefined),
    );
    expect(types.map((type, i) => [type, valley[i]])).toEqual([
      ['sgd', 3],
      ['momentum', 0],
      ['momentum', 3],
      ['adagrad', 2],
      ['rmsprop', 2],
      ['adam', 2],
      ['adamw', 2],
    ]);
  });

  it('stop GD and AdaGrad in a ditch of the plateau, which momentum and Adam cross', () => {
    const { tracks, types } = run('Rings of a plateau');
    const crossed = types.filter((_, i) => settledAt(tracks[i]!, [[0, 0]]) !== undefined);
    expect(crossed).toEqual(['momentum', 'adam']);
  });

  it('keep SGD in a ball whose measured radius is the predicted one, a quarter as wide at 16 samples', () => {
    const { tracks, preset } = run('GD, SGD, minibatch', 20_000);
    const share = (index: number) => {
      const { optimizer, noise } = preset.racers[index]!;
      const radius = noiseBallRadius(optimizer.learningRate, 1, noise?.deviation ?? 0, noise?.batchSize ?? 1) ?? NaN;
      const { positions } = tracks[index]!;
      let inside = 0;
      for (let step = 1000; step <= 20_000; step++)
        if (Math.hypot(positions[2 * step]!, positions[2 * step + 1]!) < radius) inside++;
      return { radius, share: inside / 19_001 };
    };
    expect(share(1).share).toBeCloseTo(0.95, 1.5);
    expect(share(2).share).toBeCloseTo(0.95, 1.5);
    expect(share(1).radius / share(2).radius).toBeCloseTo(4, 12);
    expect(settledAt(tracks[0]!, [[0, 0]])).toBeDefined();
    expect(noiseBallRadius(0.5, 4, 1, 1)).toBeUndefined();
  });
});
