import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildEntry } from '../../support/buildEntry.ts';
import { ForkedProcess, source, until } from './forkedProcess.ts';

let entry: string;
let running: ForkedProcess;
beforeAll(async () => {
  entry = await buildEntry('engine/process/main.ts');
});
beforeEach(() => {
  running = new ForkedProcess(entry);
});
afterEach(() => {
  running.child.kill('SIGKILL');
});

describe('the optimizer lab of the process', () => {
  const sgd = { type: 'sgd', form: 'article', learningRate: 0.25 } as const;

  it('races, and sends what it found as numbers that are finite', async () => {
    const [track] = await running.trainer.race({
      surface: { kind: 'named', name: 'globalMinimum' },
      racers: [{ optimizer: sgd }],
      start: [1, 2],
      steps: 2,
      seed: 1,
    });
    expect([...(track?.positions ?? [])]).toEqual([1, 2, 0.5, 1, 0.25, 0.5]);
    expect(track).toMatchObject({ steps: 2, diverged: false });
  });

  it('answers a formula that cannot be read with where it is wrong', async () => {
    const surface = { kind: 'formula', text: 'x + sin(' } as const;
    const asked = running.trainer.race({ surface, racers: [{ optimizer: sgd }], start: [1, 2], steps: 2, seed: 1 });
    await expect(asked).rejects.toMatchObject({ code: 'wrong-usage', place: { line: 1, column: 9 } });
  });

  it('computes the surface of a network in threads, and the same again', async () => {
    const request = {
      source: source(),
      optimizers: [sgd],
      directions: 'random' as const,
      epochs: 2,
      resolution: 21,
    };
    await running.trainer.explore(request);
    await until(() => running.explored.at(-1)?.kind === 'end');
    await running.trainer.explore(request);
    await until(() => running.explored.filter(({ kind }) => kind === 'end').length === 2);
    const grids = running.explored.flatMap(event => (event.kind === 'grid' && !event.coarse ? [event.grid] : []));
    expect(grids).toHaveLength(2);
    expect([...(grids[0]?.heights ?? [])]).toEqual([...(grids[1]?.heights ?? [])]);
    expect(grids[0]?.heights.length).toBe(441);
  });

  it('follows a training by samples of its weights, and draws it finely when that is over', async () => {
    await running.trainer.follow({
      source: source(),
      trainings: [{ title: 'mine', optimizer: sgd }],
      fromSeed: false,
      directions: 'paths',
      resolution: 21,
    });
    for (const step of [0, 1])
      await running.trainer.addWeights(0, {
        step,
        epoch: step,
        weights: Float64Array.of(step, 0, 0),
        statistics: new Float64Array(),
      });
    await running.trainer.finishFollowing();
    expect(running.explored.at(-1)).toEqual({ kind: 'end', reason: 'completed' });
    const paths = running.explored.findLast(event => event.kind === 'paths');
    expect(paths?.tracks[0]).toMatchObject({ title: 'mine', epochs: Float64Array.of(0, 1) });
  });

  it('ends an exploration that is cancelled, and one that a new one replaces', async () => {
    const request = {
      source: source(),
      optimizers: [sgd],
      directions: 'paths' as const,
      epochs: 100_000,
      resolution: 51,
    };
    await running.trainer.explore(request);
    await running.trainer.explore({ ...request, epochs: 1, resolution: 5 });
    await until(() => running.explored.filter(({ kind }) => kind === 'end').length === 2);
    expect(running.explored.flatMap(event => (event.kind === 'end' ? [event.reason] : []))).toEqual([
      'cancelled',
      'completed',
    ]);
    await running.trainer.cancelExploration();
  });
});
