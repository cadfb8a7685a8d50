import { describe, expect, it } from 'vitest';
import { between } from '../../../engine/landscape/race.ts';
import type { SurfaceGrid } from '../../../engine/protocol/lab.ts';
import { eyeOf, startCamera, type Place } from '../../../webview/lab/camera.ts';
import { Occlusion } from '../../../webview/lab/occlusion.ts';
import { Relief } from '../../../webview/lab/relief.ts';

const points = 81;
const reliefOf = (f: (x: number, y: number) => number): Relief => {
  const domain = { x: [-1, 1], y: [-1, 1] } as const;
  const heights = new Float64Array(points ** 2);
  for (let i = 0; i < heights.length; i++)
    heights[i] = f(
      between(domain.x, (i % points) / (points - 1)),
      between(domain.y, Math.floor(i / points) / (points - 1)),
    );
  const grid: SurfaceGrid = { domain, columns: points, rows: points, heights };
  return new Relief(grid);
};
const on = (relief: Relief, x: number, y: number): Place => [x, y, relief.rise(relief.at(x, y)) + 0.012];

/** A wall along x = 0. */
const ridge = reliefOf(x => Math.exp(-20 * x * x));
/** The eye stands far out along x, this high. */
const from = (x: number, height: number) => new Occlusion(ridge, 1, [x, 0, height]);

describe('a place', () => {
  it('behind a ridge is hidden from the other side, and from there alone', () => {
    const place = on(ridge, -0.5, 0);
    expect(from(5, 1).hides(place)).toBe(true);
    expect(from(-5, 1).hides(place)).toBe(false);
    expect(from(0.1, 9).hides(place)).toBe(false);
  });

  it('comes into sight where the eye is high enough to look over the ridge', () => {
    const place = on(ridge, -0.5, 0);
    // The ridge rises by at most 1.5 for 1, 5.5 away from the eye.
    expect(from(5, 6).hides(place)).toBe(true);
    expect(from(5, 10).hides(place)).toBe(false);
  });

  it('on the surface does not hide itself, wherever it is looked at from', () => {
    const bowl = reliefOf((x, y) => x * x + y * y);
    for (let azimuth = 0; azimuth < 6; azimuth += 0.5)
      for (const elevation of [0.6, 1, 1.4]) {
        const occlusion = new Occlusion(bowl, 0.95, eyeOf({ ...startCamera, azimuth, elevation }));
        expect(occlusion.hides([0.02, -0.01, 0.012])).toBe(false);
      }
  });

  it('outside the picture is in sight', () => {
    expect(from(5, 1).hides([-1.5, 0, 0.2])).toBe(false);
  });

  it('of a way is looked at once', () => {
    const occlusion = from(5, 1);
    const positions = Float64Array.of(-0.5, 0, 0.5, 0);
    let asked = 0;
    const ask = (step: number) =>
      occlusion.hidesPoint(positions, step, () => {
        asked++;
        return on(ridge, positions[2 * step]!, positions[2 * step + 1]!);
      });
    expect([ask(0), ask(1), ask(0), ask(1)]).toEqual([true, false, true, false]);
    expect(asked).toBe(2);
  });
});
