import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { race } from '../../../engine/landscape/race.ts';
import { optimizerTypes } from '../../../engine/model/optimizerFields.ts';
import { surfaceNames, surfaceTable } from '../../../engine/model/surfaceTable.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';

const { most, outcomes } = z
  .object({
    most: z.int(),
    outcomes: z.array(
      z.object({
        surface: z.enum(surfaceNames),
        optimizer: z.enum(optimizerTypes),
        learningRate: z.number(),
        stopped: z.int().nullable(),
        x: z.number(),
        y: z.number(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'gradientDescentViz.json'), 'utf8')));

type Outcome = (typeof outcomes)[number];

/** The optimizers as Gradient Descent Viz has them: ε outside the root, momentum as the article has it. */
const optimizerOf = ({ optimizer, learningRate }: Outcome) => ({
  ...settingsOf(optimizer, {}, optimizer === 'momentum' ? 'article' : 'pytorch'),
  learningRate,
  ...(optimizer === 'momentum' && { momentum: 0.9 }),
  ...(optimizer === 'rmsprop' && { decayRate: 0.99 }),
  ...(['adagrad', 'rmsprop', 'adam'].includes(optimizer) && { epsilon: 1e-12 }),
});

function run(outcome: Outcome) {
  const [track] = race({
    surface: { kind: 'named', name: outcome.surface },
    racers: [{ optimizer: optimizerOf(outcome) }],
    start: surfaceTable[outcome.surface].start,
    steps: most,
    seed: 1,
  });
  if (!track) throw new Error('Nobody ran.');
  const small = (part: number | undefined) => Math.abs(part ?? NaN) < 0.01;
  let step = 0;
  while (step < most && !(small(track.gradients[2 * step]) && small(track.gradients[2 * step + 1]))) step++;
  return { step, at: [...track.positions.slice(2 * step, 2 * step + 2)] };
}

const place = ({ x, y }: Outcome) => `(${[x, y].map(n => (Math.round(n * 1000) / 1000 || 0).toFixed(3)).join(', ')})`;
const stopping = outcomes.flatMap(outcome =>
  outcome.stopped === null ? [] : [[title(outcome), outcome, outcome.stopped] as const],
);
const going = outcomes.filter(({ stopped }) => stopped === null);
const shrunk = going.flatMap(outcome => (outcome.optimizer === 'adagrad' ? [[outcome.surface, outcome] as const] : []));
const circling = going.flatMap(outcome =>
  outcome.surface === 'plateau' && outcome.optimizer !== 'adagrad' ? [[outcome.optimizer, outcome] as const] : [],
);

function title(outcome: Outcome): string {
  const { surface, optimizer, learningRate, stopped } = outcome;
  return `${optimizer} at ${learningRate} on ${surface} stops after ${String(stopped)} steps at ${place(outcome)}`;
}

describe('the outcomes of Gradient Descent Viz', () => {
  it('are those of its six surfaces', () => {
    const six = ['localMinimum', 'globalMinimum', 'saddlePoint', 'eclipticBowl', 'hills', 'plateau'];
    expect([...new Set(outcomes.map(({ surface }) => surface))]).toEqual(six);
    for (const surface of six) expect(outcomes.filter(outcome => outcome.surface === surface)).toHaveLength(10);
  });

  it.each(stopping)('%s', (_, outcome, stopped) => {
    const { step, at } = run(outcome);
    expect(step).toBe(stopped);
    expect(at[0]).toBeCloseTo(outcome.x, 7);
    expect(at[1]).toBeCloseTo(outcome.y, 7);
  });

  it.each(shrunk)(
    'adagrad at 0.001 on %s is far from everything in the end, so much have its steps shrunk',
    (_, outcome) => {
      const { step, at } = run(outcome);
      expect(step).toBe(most);
      expect(at[0]).toBeCloseTo(outcome.x, 7);
      expect(at[1]).toBeCloseTo(outcome.y, 7);
      expect(outcome.y).toBeGreaterThan(1.3);
    },
  );

  it.each(circling)(
    '%s on the plateau crosses every ditch, and circles for ever around the tip of the hole, which has no slope',
    (_, outcome) => {
      const { step, at } = run(outcome);
      expect(step).toBe(most);
      expect(Math.hypot(...at)).toBeLessThan(0.01);
      expect(Math.hypot(outcome.x, outcome.y)).toBeLessThan(0.01);
    },
  );

  it('are all looked at', () => {
    expect(stopping.length + shrunk.length + circling.length).toBe(outcomes.length);
  });
});
