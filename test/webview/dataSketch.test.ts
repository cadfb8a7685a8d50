import { expect, it } from 'vitest';
import { generatorInfo, generatorNames } from '../../engine/model/dataFields.ts';
import { sketchOf, sketchSize } from '../../webview/designer/dataSketch.ts';

/** Where the points of a path begin. */
const points = (path: string) => [...path.matchAll(/M([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

it.each(generatorNames)('the sketch of %s fills its square with the colours of two halves', name => {
  const sketch = sketchOf(name);
  expect(new Set(sketch.map(({ color }) => color)).size).toBe(2);
  const all = sketch.flatMap(({ path }) => points(path));
  for (const axis of [0, 1]) {
    const values = all.map(point => point[axis] ?? NaN);
    expect(Math.min(...values)).toBeLessThan(sketchSize / 4);
    expect(Math.max(...values)).toBeGreaterThan((3 * sketchSize) / 4);
    expect(values.every(value => value >= 0 && value <= sketchSize)).toBe(true);
  }
});

it('no two data sets look the same', () => {
  expect(new Set(generatorNames.map(name => JSON.stringify(sketchOf(name)))).size).toBe(
    Object.keys(generatorInfo).length,
  );
});
