import { describe, expect, it } from 'vitest';
import { race, surfaceGrid } from '../../../engine/landscape/race.ts';
import type { OptimizerSettings } from '../../../engine/model/schema.ts';
import { markers, optimizerSeries, seriesOf } from '../../../webview/kit/optimizerSeries.ts';
import { arrowPath, fitted, markerPath } from '../../../webview/lab/drawing.ts';
import { frameIn, ticksOf, toPixel, toPoint, waysAt } from '../../../webview/lab/picture.ts';
import { Playback } from '../../../webview/lab/playback.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';
import { Relief } from '../../../webview/lab/relief.ts';
import { entrantsOf, namesOf, startState, type LabState } from '../../../webview/lab/state.ts';

const domain = { x: [-2, 2], y: [-1, 3] } as const;
const relief = new Relief(
  surfaceGrid({ surface: { kind: 'named', name: 'rosenbrock' }, domain, columns: 41, rows: 41 }),
);

describe('a relief', () => {
  it('begins at the lowest height and ends at the highest, in both its scales', () => {
    expect(relief.low).toBe(0);
    for (const scale of [(f: number) => relief.shade(f), (f: number) => relief.rise(f)]) {
      expect(scale(relief.low)).toBe(0);
      expect(scale(relief.high)).toBeCloseTo(1, 12);
      expect(scale(100)).toBeGreaterThan(scale(10));
    }
    expect(relief.rise(100 * relief.high)).toBe(1.15);
  });

  it('has lines where the surface has their height', () => {
    const { levels } = relief;
    expect(levels.length).toBeGreaterThan(10);
    const level = levels[8]!;
    const inside = level.rings.flat().filter(([x, y]) => Math.abs(x) < 1.9 && y > -0.9 && y < 2.9);
    expect(inside.length).toBeGreaterThan(10);
    for (const [x, y] of inside) expect(relief.shade(relief.at(x, y))).toBeCloseTo(level.shade, 1);
  });

  it('is, between the points of its grid, between their heights', () => {
    const at = (x: number, y: number) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    expect(relief.at(1, 1)).toBeCloseTo(0, 9);
    expect(relief.at(-2, 3)).toBeCloseTo(at(-2, 3), 9);
    expect(relief.at(99, -99)).toBeCloseTo(at(2, -1), 9);
  });

  it('of a surface that is flat has no division by zero', () => {
    const flat = new Relief(surfaceGrid({ surface: { kind: 'formula', text: '3' }, domain, columns: 5, rows: 5 }));
    expect([flat.shade(3), flat.rise(3), flat.at(0, 0)]).toEqual([0, 0, 3]);
  });
});

describe('the frame of a contour', () => {
  const frame = frameIn(domain, 500, 300);

  it('takes a pixel back to the point it came from', () => {
    const [x, y] = toPoint(frame, toPixel(frame, 0.3, -0.4)) ?? [NaN, NaN];
    expect([x, y]).toEqual([expect.closeTo(0.3, 12), expect.closeTo(-0.4, 12)]);
  });

  it('has no point outside', () => {
    expect(toPoint(frame, [2, 2])).toBeUndefined();
    expect(toPoint(frame, [499, 299])).toBeUndefined();
  });

  it.each([
    [
      [-2, 2],
      [-2, -1, 0, 1, 2],
    ],
    [
      [-6, 6],
      [-6, -4, -2, 0, 2, 4, 6],
    ],
    [
      [0.1, 0.4],
      [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4],
    ],
  ] as const)('has over %o the ticks %o', (range, ticks) => {
    expect(ticksOf(range)).toEqual(ticks);
  });
});

describe('what stands for optimizers', () => {
  it('differs between any two, even of one type', () => {
    const series = seriesOf(['adam', 'adam', 'adam', 'sgd', 'momentum']);
    expect(new Set(series.map(({ color }) => color)).size).toBe(5);
    expect(series[0]).toEqual(optimizerSeries.adam);
    expect(series[3]).toEqual(optimizerSeries.sgd);
  });

  it('differs in dash or marker as well as in colour', () => {
    const looks = Object.values(optimizerSeries).map(({ dash, marker }) => `${dash.join()} ${marker}`);
    // SGD and Adam have both a full line and a circle: the mocks want them so, as the ends of every comparison.
    expect(new Set(looks).size).toBe(looks.length - 1);
  });

  it('has a name of its own: GD, SGD and minibatches, and a number where two are alike', () => {
    const noisy = (batchSize: number) => ({
      racer: { optimizer: settingsOf('sgd'), noise: { deviation: 1, batchSize } },
      title: '',
    });
    const plain = (optimizer: OptimizerSettings, title = '') => ({ racer: { optimizer }, title });
    expect(
      namesOf(
        [
          plain(settingsOf('sgd')),
          noisy(1),
          noisy(16),
          plain(settingsOf('adam')),
          plain(settingsOf('adam')),
          plain(settingsOf('momentum', { nesterov: true })),
        ],
        true,
      ),
    ).toEqual(['GD', 'SGD', 'Minibatch 16', 'Adam 1', 'Adam 2', 'Nesterov']);
    expect(namesOf([plain(settingsOf('sgd')), plain(settingsOf('sgd'), 'Run 1')], false)).toEqual(['SGD', 'Run 1']);
  });

  it.each(markers)('is drawn around its point: %s', marker => {
    const numbers = markerPath(marker, 50, 50, 5).match(/-?\d+(\.\d+)?/g) ?? [];
    expect(numbers.length).toBeGreaterThan(5);
    expect(markerPath(marker, 50, 50, 5)).toMatch(/^M.*Z$/);
  });

  it('has arrows that end where they point', () => {
    expect(fitted([3, 4], 10)).toEqual([6, -8]);
    expect(fitted([0, 0], 10)).toEqual([0, 0]);
    expect(arrowPath([1, 2], [10, 0], 4).tip).toMatch(/^M11 2L/);
  });
});

describe('what moves', () => {
  const paths = (time: number, calm: boolean) => {
    const tracks = race({
      surface: { kind: 'named', name: 'globalMinimum' },
      racers: [{ optimizer: settingsOf('sgd', { learningRate: 0.25 }) }],
      start: [1, 2],
      steps: 4,
      seed: 1,
    });
    const state: LabState = {
      ...startState,
      selected: 0,
      tracks,
      setup: { ...startState.setup, racers: [{ optimizer: settingsOf('sgd', { learningRate: 0.25 }) }] },
    };
    const playback = new Playback();
    playback.restart(4);
    playback.seek(Math.floor(time));
    playback.time = time;
    playback.isPlaying = time !== Math.floor(time);
    const [way] = waysAt({
      state,
      entrants: entrantsOf(state),
      playback,
      relief,
      project: (a, b) => [a, b],
      colorOf: name => name,
      calm,
    });
    return way;
  };

  it('stands at its step with all steps before it as its trail, and shows where the next one leads', () => {
    const way = paths(2, false);
    expect(way?.trail).toEqual([
      [1, 2],
      [0.5, 1],
      [0.25, 0.5],
    ]);
    expect(way?.ghost).toEqual([0.125, 0.25]);
    expect(way?.arrows.length).toBe(2);
  });

  it('glides between two steps while it runs, and jumps for who wants less motion', () => {
    expect(paths(1.5, false)?.trail.at(-1)).toEqual([0.375, 0.75]);
    expect(paths(1.5, true)?.trail.at(-1)).toEqual([0.5, 1]);
    expect(paths(1.5, false)?.ghost).toBeUndefined();
  });

  it('has no next step at its end', () => {
    expect(paths(4, false)?.ghost).toBeUndefined();
  });
});
