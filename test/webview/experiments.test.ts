import { describe, expect, it } from 'vitest';
import { contestantNames } from '../../engine/model/experiments/contestants.ts';
import type { ExperimentRecord } from '../../engine/protocol/experiment.ts';
import { curvesCsv } from '../../webview/comparison/curvesCsv.ts';
import { curveOf, seedBand } from '../../webview/comparison/bands.ts';
import { contestantsOf } from '../../webview/comparison/contestants.ts';
import { contestantLooks } from '../../webview/comparison/looks.ts';
import { pushedApart } from '../../webview/kit/chartEndLabels.ts';
import { updated } from '../../webview/kit/experimentStore.ts';
import { upright } from '../../webview/sweep/axes.ts';
import { sweepCsv, sweepRows } from '../../webview/sweep/rows.ts';
import { standings } from '../../engine/protocol/standings.ts';
import { modelText } from '../engine/model/modelText.ts';

const point = (epoch: number, loss: number) => ({
  step: 4 * epoch,
  epoch,
  seconds: epoch / 10,
  trainLoss: 2 * loss,
  validationLoss: loss,
});

describe('the band over seeds', () => {
  const curves = [
    [
      { x: 0, y: 1 },
      { x: 2, y: 3 },
    ],
    [
      { x: 0, y: 3 },
      { x: 1, y: 4 },
    ],
  ];

  it('is the mean with the lowest and the highest, a seed counting as far as it has come', () => {
    expect(seedBand(curves, 'range')).toEqual({
      points: [
        { x: 0, y: 2 },
        { x: 1, y: 3 },
        { x: 2, y: 3 },
      ],
      band: [
        { x: 0, low: 1, high: 3 },
        { x: 1, low: 2, high: 4 },
        { x: 2, low: 3, high: 3 },
      ],
    });
  });

  it('or one standard deviation to both sides, or nothing; a single seed has none', () => {
    expect(seedBand(curves, 'deviation').band[0]).toEqual({ x: 0, low: 1, high: 3 });
    expect(seedBand(curves, 'off').band).toEqual([]);
    expect(seedBand(curves.slice(0, 1), 'range').band).toEqual([]);
  });

  it('has a bounded number of points, the last one among them', () => {
    const curve = Array.from({ length: 5000 }, (_, x) => ({ x, y: x }));
    const { points } = seedBand([curve], 'range');
    expect(points.length).toBeLessThanOrEqual(401);
    expect(points.at(-1)).toEqual({ x: 4999, y: 4999 });
  });
});

describe('a curve', () => {
  it.each([
    ['epoch', 'loss', [{ x: 1, y: 0.5 }]],
    ['step', 'trainLoss', [{ x: 4, y: 1 }]],
    ['seconds', 'loss', [{ x: 0.1, y: 0.5 }]],
    ['epoch', 'quality', []],
  ] as const)('by %s shows the %s', (axis, measure, points) => {
    expect(curveOf([point(1, 0.5)], axis, measure)).toEqual(points);
  });
});

describe('labels at the ends of curves', () => {
  it('move apart, keep their order, and stay within the chart', () => {
    expect(pushedApart([10, 12, 90], 15, 0, 100)).toEqual([10, 25, 90]);
    expect(pushedApart([99, 98], 15, 0, 100)).toEqual([100, 85]);
    expect(pushedApart([50], 15, 0, 100)).toEqual([50]);
  });
});

const record: ExperimentRecord = {
  kind: 'comparison',
  name: 'Moons',
  model: modelText,
  variants: [
    { name: 'gradientDescent', settings: [{ path: ['training', 'batchSize'], value: 'full' }] },
    { name: 'custom', settings: [{ path: ['optimizer', 'learningRate'], value: 0.5 }] },
  ],
  seeds: [1],
  started: '2026-01-01T00:00:00.000Z',
  status: 'completed',
  results: [],
};

describe('a comparison', () => {
  it('knows who takes part, with rate and rows per update; a foreign name is shown as it is', () => {
    expect(contestantsOf(record)).toMatchObject([
      { title: 'Gradient descent', short: 'GD', learningRate: 0.01, batchSize: 'full' },
      { title: 'custom', short: 'custom', learningRate: 0.5, batchSize: 16 },
    ]);
  });

  it('gives every contestant a colour, dash and sign that no other has together, and those of one colour another dash', () => {
    // `sgd` is one of the three forms of gradient descent, and never beside them.
    const all = contestantNames.filter(name => name !== 'sgd').map(name => contestantLooks[name]);
    const withoutColor = all.map(({ dash, marker, markerRotation }) => JSON.stringify([dash, marker, markerRotation]));
    // Gradient descent and Adam are both solid with a circle; nobody else shares dash and sign.
    expect(new Set(withoutColor).size).toBe(all.length - 1);
    expect(new Set(all.map(({ color, dash }) => JSON.stringify([color, dash]))).size).toBe(all.length);
  });

  it('copies every point of every run', () => {
    const cells = [{ variant: 1, seed: 7, points: [point(1, 0.5)], result: undefined }];
    expect(curvesCsv({ cells, contestants: contestantsOf(record) })).toBe(
      'optimizer,seed,step,epoch,seconds,trainLoss,validationLoss,quality\ncustom,7,4,1,0.1,1,0.5,\n',
    );
  });

  it('grows by what the host tells', () => {
    const cells = [{ variant: 0, seed: 1, points: [], result: undefined }];
    const once = updated(cells, [{ cell: 0, points: [point(0, 1)], result: undefined }]);
    const twice = updated(once, [
      { cell: 0, points: [point(1, 0.5)], result: undefined },
      { cell: 9, points: [point(1, 0.5)], result: undefined },
    ]);
    expect(twice).toEqual([{ variant: 0, seed: 1, points: [point(0, 1), point(1, 0.5)], result: undefined }]);
  });
});

describe('an axis of the parallel plot', () => {
  it('places numbers far apart by their logarithms, others evenly, and words one by one', () => {
    const rates = upright('rate', [1e-4, 1e-2, 1]);
    expect([rates.at(1e-4), rates.at(1e-2), rates.at(1), rates.at('x')]).toEqual([0, 0.5, 1, undefined]);
    const shares = upright('share', [0, 0.1, 0.4]);
    expect(shares.at(0.1)).toBeCloseTo(0.25);
    const words = upright('activation', ['relu', 'tanh', 'relu']);
    expect([words.at('relu'), words.at('tanh'), words.at('elu')]).toEqual([0, 1, undefined]);
    expect(words.ticks).toEqual([
      { at: 0, label: 'relu' },
      { at: 1, label: 'tanh' },
    ]);
    expect(upright('one', [3]).at(3)).toBe(0.5);
  });
});

describe('the results of a sweep', () => {
  it('are rows of values and figures, the best first, and CSV with quoted cells', () => {
    const sweep: ExperimentRecord = {
      ...record,
      kind: 'sweep',
      variants: [
        { name: 'run-001', settings: [{ path: ['layers', 0, 'activation'], value: 'relu' }] },
        { name: 'run-002', settings: [{ path: ['layers', 0, 'activation'], value: 'a,b' }] },
      ],
    };
    const results = [0.5, 0.25].map((bestLoss, variant) => ({
      result: { variant, seed: 1, reason: 'completed' as const, bestLoss, bestEpoch: 3, finalLoss: 1, seconds: 2 },
      points: [],
    }));
    const { paths, rows } = sweepRows(sweep, standings(results, undefined));
    expect(paths).toEqual(['layers[0].activation']);
    expect(rows.map(({ text }) => text)).toEqual(['layers[0].activation a,b', 'layers[0].activation relu']);
    expect(sweepCsv(paths, rows)).toBe(
      'layers[0].activation,bestLoss,bestEpoch,finalLoss,quality,seconds,runs,lost\n"a,b",0.25,3,1,,2,1,0\nrelu,0.5,3,1,,2,1,0\n',
    );
  });
});
