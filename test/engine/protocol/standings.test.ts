import { describe, expect, it } from 'vitest';
import { RunTally, withPoints, type CurvePoint } from '../../../engine/protocol/runTally.ts';
import { fairStart, standings, targetOf, type FinishedRun } from '../../../engine/protocol/standings.ts';
import { metricsEvent, startEvent } from '../../support/events.ts';

/** A run whose validation loss takes these values, epoch by epoch. */
function run(
  variant: number,
  seed: number,
  losses: readonly number[],
  reason: 'completed' | 'diverged' = 'completed',
): FinishedRun {
  const tally = new RunTally({ variant, seed });
  const start = { ...startEvent, rows: { train: 50, validation: 10, test: 0 } };
  tally.add([
    { ...start, initialWeightsSha256: `weights of ${seed}`, dataSha256: 'data' },
    ...losses.map((validationLoss, epoch) =>
      metricsEvent(epoch, { validationLoss, samplesPerSecond: epoch ? 100 : 0 }),
    ),
  ]);
  const validation = { loss: losses.at(-1) ?? NaN, accuracy: 0.9 };
  tally.add([{ event: 'end', reason, step: 0, epoch: 0, metrics: reason === 'completed' ? { validation } : {} }]);
  if (!tally.result) throw new Error('The run has no result.');
  return { result: tally.result, points: tally.points };
}

describe('a tally', () => {
  it('knows the lowest loss, its epoch, and the seconds of training', () => {
    const { result, points } = run(0, 1, [1, 0.5, 0.2, 0.4]);
    expect(result).toMatchObject({ bestLoss: 0.2, bestEpoch: 2, finalLoss: 0.4, accuracy: 0.9, reason: 'completed' });
    // Three epochs of 50 rows at 100 rows a second.
    expect(points.map(({ seconds }) => seconds)).toEqual([0, 0.5, 1, 1.5]);
  });

  it('ends a run that cannot end itself, once', () => {
    const tally = new RunTally({ variant: 0, seed: 1 });
    tally.add([startEvent]);
    expect(tally.result).toBeUndefined();
    tally.fail('failed', 'gone');
    tally.fail('stopped', 'later');
    expect(tally.result).toMatchObject({ reason: 'failed', message: 'gone' });
  });

  it('keeps a bounded number of points, the first and the last among them', () => {
    const point = (step: number) => ({ step, epoch: step, seconds: 0, trainLoss: 1 });
    let points = withPoints([], []);
    for (let step = 0; step < 10_000; step += 10)
      points = withPoints(
        points,
        Array.from({ length: 10 }, (_, i) => point(step + i)),
      );
    expect(points.length).toBeLessThanOrEqual(1000);
    expect(points[0]?.step).toBe(0);
    expect(points.at(-1)?.step).toBe(9999);
    const gaps = points.slice(1).map(({ step }, i) => step - (points[i]?.step ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(200);
  });

  it('keeps the same points, however many come at once', () => {
    const all = Array.from({ length: 5000 }, (_, step) => ({
      step,
      epoch: step,
      seconds: 0,
      trainLoss: Math.cos(step),
    }));
    const oneByOne = all.reduce<CurvePoint[]>((points, point) => withPoints(points, [point]), []);
    expect(withPoints([], all)).toEqual(oneByOne);
  });
});

describe('standings', () => {
  it('rank by the mean of the best losses, and tell the steps to a target', () => {
    const runs = [run(0, 1, [1, 0.4]), run(0, 2, [1, 0.6]), run(1, 1, [1, 0.3]), run(1, 2, [1, 0.1])];
    const ranking = standings(runs, 0.35);
    expect(ranking.map(({ variant }) => variant)).toEqual([1, 0]);
    expect(ranking[0]).toMatchObject({ stepsToTarget: 4, reached: 2, runs: 2, lost: 0 });
    expect(ranking[0]?.bestLoss.mean).toBeCloseTo(0.2);
    expect(ranking[0]?.bestLoss.deviation).toBeCloseTo(0.1);
    expect(ranking[1]).toMatchObject({ stepsToTarget: undefined, reached: 0 });
  });

  it('put a variant that lost a run behind all that lost none, and leave out one that lost them all', () => {
    const runs = [
      run(0, 1, [1, 0.1]),
      run(0, 2, [1, 9], 'diverged'),
      run(1, 1, [1, 0.5]),
      run(2, 1, [1, 2], 'diverged'),
    ];
    expect(standings(runs, undefined).map(({ variant, lost }) => [variant, lost])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('choose a target between the first loss and the lowest of the better runs', () => {
    expect(targetOf([run(0, 1, [1, 0.01]), run(1, 1, [1, 0.5])])).toBe(0.1);
    const five = [0.001, 0.04, 0.3, 0.3, 0.3].map((lowest, i) => run(i, 1, [1, lowest]));
    expect(targetOf(five)).toBe(0.2);
    expect(targetOf([run(0, 1, [1, 0])])).toBeUndefined();
    expect(targetOf([])).toBeUndefined();
  });
});

describe('a fair start', () => {
  it('is one in which every run of a seed has the same weights and data', () => {
    const results = [run(0, 1, [1]), run(1, 1, [1]), run(0, 2, [1])].map(({ result }) => result);
    expect(fairStart(results)).toEqual({ alike: [1, 2], different: [] });
    const other = { ...run(1, 2, [1]).result, initialWeightsSha256: 'others' };
    expect(fairStart([...results, other])).toEqual({ alike: [1], different: [2] });
    const otherData = { ...run(1, 2, [1]).result, dataSha256: 'others' };
    expect(fairStart([...results, otherData]).different).toEqual([2]);
  });
});
