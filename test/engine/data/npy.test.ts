import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../engine/data/npy.ts';
import { npy, npyFile, npyTypes, sourceOf } from './arrayFiles.ts';
import { Workshop } from './workshop.ts';

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop.dispose());

const read = async (bytes: Uint8Array) => {
  const { shape, values } = await readNpy(sourceOf(bytes));
  return { shape, values: [...values] };
};
const refused = (bytes: Uint8Array) => expect(readNpy(sourceOf(bytes))).rejects;

describe('an NPY file', () => {
  it.each(npyTypes.flatMap(type => [true, false].map(little => [type, little] as const)))(
    'holds %s, little-endian %s',
    async (type, little) => {
      const values = type === 'b1' ? [0, 1, 1] : type.startsWith('u') ? [0, 1, 200] : [0, -1, 100];
      expect(await read(npy([3], values, { type, little }))).toEqual({ shape: [3], values });
    },
  );

  it('holds half floats, also the least, the largest and the special ones', async () => {
    const bits = [0x3c00, 0xc000, 0x3555, 0x0001, 0x83ff, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000];
    const data = Buffer.alloc(2 * bits.length);
    bits.forEach((word, i) => data.writeUInt16LE(word, 2 * i));
    const header = `{'descr': '<f2', 'fortran_order': False, 'shape': (${String(bits.length)},), }`;
    expect((await read(npyFile(header, 1, data))).values).toEqual([
      1,
      -2,
      0.333251953125,
      2 ** -24,
      -(2 ** -14) + 2 ** -24,
      65504,
      Infinity,
      -Infinity,
      NaN,
      -0,
    ]);
  });

  it.each([1, 2, 3] as const)('may be of version %i', async version => {
    expect(await read(npy([1, 2], [1, 2], { version }))).toEqual({ shape: [1, 2], values: [1, 2] });
  });

  it('may have its first index run fastest', async () => {
    const fortran = true;
    expect((await read(npy([2, 3], [1, 4, 2, 5, 3, 6], { fortran }))).values).toEqual([1, 2, 3, 4, 5, 6]);
    const cube = Array.from({ length: 24 }, (_, i) => i);
    const at = (i: number, j: number, k: number) => i + 2 * j + 6 * k;
    expect((await read(npy([2, 3, 4], cube, { fortran }))).values).toEqual(
      [0, 1].flatMap(i => [0, 1, 2].flatMap(j => [0, 1, 2, 3].map(k => at(i, j, k)))),
    );
  });

  it('keeps whole numbers up to 2⁵³ and refuses larger ones', async () => {
    const bytes = npy([2], [2 ** 53, -(2 ** 53)], { type: 'i8' });
    expect((await read(bytes)).values).toEqual([2 ** 53, -(2 ** 53)]);
    for (const word of [2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 62n]) {
      const wide = npy([1], [0], { type: 'i8' });
      new DataView(wide.buffer, wide.byteOffset).setBigInt64(wide.length - 8, word, true);
      await refused(wide).toThrow('beyond ±2⁵³');
    }
  });

  it.each([
    ['no NPY at all', Buffer.from('x,y\n1,2\n3,4\n'), 'not an NPY file'],
    ['version 4', npyFile('{}', 4, new Uint8Array()), 'version 4'],
    ['objects', npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 1, new Uint8Array(8)), '"|O"'],
    [
      'complex numbers',
      npyFile("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", 1, new Uint8Array(16)),
      '"<c16"',
    ],
    [
      'a structure',
      npyFile("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", 1, new Uint8Array(8)),
      'cannot be understood',
    ],
    [
      'a shape said twice',
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'shape': (2,), }", 1, new Uint8Array(8)),
      'cannot be understood',
    ],
    [
      'a negative length',
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", 1, new Uint8Array(8)),
      'cannot be understood',
    ],
    [
      'a single number',
      npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 1, new Uint8Array(8)),
      'empty',
    ],
    ['no rows', npy([0, 3], []), 'empty'],
    ['a row too few', npy([2, 2], [1, 2, 3]), 'ends before'],
    ['a number too many', npy([2], [1, 2, 3]), 'goes on'],
  ])('is refused when it holds %s', async (_what, bytes, message) => {
    await refused(bytes).toThrow(message);
  });

  it('is refused before memory is taken for what its header claims', async () => {
    const huge = (shape: string) =>
      npyFile(`{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`, 1, new Uint8Array(9));
    await refused(huge('999999999999999, 999999999999999, 0')).toThrow('empty');
    await refused(huge(`${'999999999999999, '.repeat(25)}9`)).toMatchObject({ code: 'memory-limit' });
    await refused(huge('300000000,')).toMatchObject({ code: 'invalid-data' });
  });
});

describe('NPY data', () => {
  const source = { kind: 'npy', features: 'x.npy', targets: 'y.npy' };

  it('name their columns and order their classes by value', async () => {
    workshop.write('x.npy', npy([3, 2, 1], [1, 2, 3, 4, 5, 6]));
    workshop.write('y.npy', npy([3], [10, -1, 9], { type: 'i2' }));
    const data = await workshop.load({ source, normalization: 'none' }, { loss: 'crossEntropy', outputs: 3 });
    expect(data.featureNames).toEqual(['x1', 'x2']);
    expect(data.classes).toEqual(['-1', '9', '10']);
    expect([...data.features.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...data.targets.values]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
  });

  it('may have several numbers to predict', async () => {
    workshop.write('x.npy', npy([2], [1, 2]));
    workshop.write('y.npy', npy([2, 2], [1, 2, 3, 4]));
    const data = await workshop.load({ source, split: { validation: 0 } }, { loss: 'meanSquaredError', outputs: 2 });
    expect(data.targetNames).toEqual(['y1', 'y2']);
    expect([...data.targets.values]).toEqual([1, 2, 3, 4]);
  });

  it('need as many targets as rows', async () => {
    workshop.write('x.npy', npy([2], [1, 2]));
    const file = workshop.write('y.npy', npy([3], [0, 1, 0]));
    await expect(workshop.load({ source })).rejects.toMatchObject({ place: { file } });
  });

  it('take NaN for a missing value, and infinity for a mistake', async () => {
    workshop.write('x.npy', npy([4], [1, NaN, 3, 5]));
    workshop.write('y.npy', npy([4], [0, 1, 1, 0]));
    await expect(workshop.load({ source })).rejects.toThrow('Row 1, number 1 is NaN');
    const { split } = await workshop.load({ source: { ...source, missing: 'dropRow' }, split: { validation: 0 } });
    expect([...split.train]).toEqual([0, 2, 3]);
    workshop.write('x.npy', npy([4], [1, Infinity, 3, 5]));
    await expect(workshop.load({ source: { ...source, missing: 'mean' } })).rejects.toThrow('is Infinity');
  });

  it('say at the path in the model which file is not there', async () => {
    workshop.write('x.npy', npy([2], [1, 2]));
    await expect(workshop.load({ source: { ...source, targets: 'none.npy' } })).rejects.toMatchObject({
      code: 'file-not-readable',
      place: { line: 7, column: 18 },
    });
  });
});
