import { describe, expect, it } from 'vitest';
import { race } from '../../../engine/landscape/race.ts';
import { settingsOf } from '../../../webview/lab/racer.ts';

const bowl = (learningRate: number, stopGradient?: number) => {
  const [track] = race({
    surface: { kind: 'named', name: 'globalMinimum' },
    racers: [{ optimizer: settingsOf('sgd', { learningRate }) }],
    start: [1, 0],
    steps: 50,
    seed: 1,
    ...(stopGradient !== undefined && { stopGradient }),
  });
  if (!track) throw new Error('Nobody ran.');
  return track;
};

describe('the stop rule of a race', () => {
  it('lets an optimizer rest at the first point whose gradient is no longer than it says', () => {
    // x ← x/2 a step, and the gradient is 2x: after four steps it is 2/16.
    const track = bowl(0.25, 0.125);
    expect(track).toMatchObject({ steps: 4, diverged: false });
    expect([...track.positions.slice(-2)]).toEqual([1 / 16, 0]);
    expect(bowl(0.25, 0.1249).steps).toBe(5);
  });

  it('lets one that starts at rest do no step', () => {
    expect(bowl(0.25, 2)).toMatchObject({ steps: 0, diverged: false });
  });

  it('of 0 still lets one rest whose gradient is exactly 0', () => {
    expect(bowl(0.5, 0)).toMatchObject({ steps: 1, diverged: false });
  });

  it('is none where none is given', () => {
    expect(bowl(0.5)).toMatchObject({ steps: 50, diverged: false });
  });

  it('does not hide that an optimizer diverges', () => {
    const track = bowl(1e9, 1e-3);
    expect(track.diverged).toBe(true);
    expect(track.steps).toBeLessThan(50);
  });
});
