import { describe, expect, it } from 'vitest';
import { surfaces } from '../../../engine/landscape/surfaces.ts';
import { surfaceNames, surfaceTable } from '../../../engine/model/surfaceTable.ts';
import { between } from '../../../engine/landscape/race.ts';

/** (f(x+h) − f(x−h)) / 2h, whose error is about h². */
const slope = (f: (at: number) => number, at: number, h = 1e-5) => (f(at + h) - f(at - h)) / (2 * h);

describe.each(surfaceNames)('the surface %s', name => {
  const { value, gradient } = surfaces[name];
  const { domain, minima } = surfaceTable[name];

  it('has the gradient that central differences find, over its whole domain', () => {
    for (let i = 0; i <= 12; i++)
      for (let j = 0; j <= 12; j++) {
        const x = between(domain.x, (i + 0.37) / 13);
        const y = between(domain.y, (j + 0.61) / 13);
        const [byX, byY] = gradient(x, y);
        const scale = 1 + Math.abs(byX) + Math.abs(byY);
        expect(Math.abs(byX - slope(at => value(at, y), x)) / scale).toBeLessThan(1e-6);
        expect(Math.abs(byY - slope(at => value(x, at), y)) / scale).toBeLessThan(1e-6);
      }
  });

  it('is nowhere in its domain lower than at its minima', () => {
    const lowest = minima.map(([x, y]) => value(x, y));
    const points = Array.from({ length: 101 * 101 }, (_, i) =>
      value(between(domain.x, (i % 101) / 100), between(domain.y, Math.floor(i / 101) / 100)),
    );
    expect(Math.min(...points)).toBeGreaterThan(Math.max(...lowest) - 1e-9);
  });
});
