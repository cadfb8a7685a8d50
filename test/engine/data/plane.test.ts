import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planeOf } from '../../../engine/data/plane.ts';
import { featureNames } from '../../../engine/model/planeFeatures.ts';
import { Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop.dispose());

const load = (source: object = {}, normalization = 'none') =>
  workshop.load({ source: { kind: 'generator', name: 'moons', samples: 30, ...source }, normalization });

describe('features of a plane', () => {
  it('are computed of the coordinates of each row, in the order of the list', async () => {
    const plain = await load();
    const { features, featureNames: names } = await load({ features: ['sin(x2)', 'x1*x2', 'x1', 'x2^2'] });
    expect(names).toEqual(['sin(x2)', 'x1*x2', 'x1', 'x2^2']);
    expect(features).toMatchObject({ rows: 30, columns: 4 });
    for (let row = 0; row < 30; row++) {
      const [x1 = NaN, x2 = NaN] = plain.features.values.slice(2 * row, 2 * row + 2);
      expect([...features.values.slice(4 * row, 4 * row + 4)]).toEqual([Math.sin(x2), x1 * x2, x1, x2 * x2]);
    }
  });

  it('are normalized after they were computed', async () => {
    const raw = await load({ features: ['x1^2'] });
    const { features, scaling, split } = await load({ features: ['x1^2'] }, 'standard');
    const training = [...split.train].map(row => features.values[row] ?? NaN);
    expect(training.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    expect(training.reduce((sum, value) => sum + value * value, 0) / training.length).toBeCloseTo(1, 9);
    for (const row of split.train)
      expect((features.values[row] ?? NaN) * (scaling.scale[0] ?? NaN) + (scaling.shift[0] ?? NaN)).toBeCloseTo(
        raw.features.values[row] ?? NaN,
        12,
      );
  });

  it('x1 and x2 written out are the very numbers of a model that names none', async () => {
    const [plain, written] = [await load({}, 'standard'), await load({ features: ['x1', 'x2'] }, 'standard')];
    expect(written.features).toEqual(plain.features);
    expect(written.targets).toEqual(plain.targets);
  });
});

describe('the plane of data', () => {
  it('gives for a point what the network gets of a row that stands there, all features at once', async () => {
    const data = await load({ features: [...featureNames] }, 'standard');
    const plane = planeOf(data);
    expect(plane?.axes).toEqual(['x1', 'x2']);
    expect(plane?.inputsOf(plane.points)).toEqual(data.features);
  });

  it('is that of the two features there are, and there is none for three', async () => {
    workshop.write('two.csv', 'height,width,y\n10,1,a\n20,3,b\n40,2,a\n');
    const source = { kind: 'csv', path: 'two.csv', target: 'y' };
    const data = await workshop.load({ source, split: { validation: 0 } });
    const plane = planeOf(data);
    expect(plane?.axes).toEqual(['height', 'width']);
    expect(plane?.points).toBe(data.features);
    expect(plane?.original(data.features.values[2] ?? NaN, 0)).toBeCloseTo(20, 12);
    workshop.write('three.csv', 'a,b,c,y\n10,1,1,a\n20,3,2,b\n40,2,2,a\n');
    expect(planeOf(await workshop.load({ source: { ...source, path: 'three.csv' } }))).toBeUndefined();
  });
});
