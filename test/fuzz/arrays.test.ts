import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { uncompressed } from '../../engine/data/byteReader.ts';
import { readIdx } from '../../engine/data/idx.ts';
import { readNpy } from '../../engine/data/npy.ts';
import { idx, npy, npyFile, npyTypes, sourceOf, type IdxType } from '../engine/data/arrayFiles.ts';
import { acceptedLater, damage, fuzz } from './fuzzing.ts';

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const count = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);

/** A shape and as many numbers as it needs. */
const arrays = (number: fc.Arbitrary<number>) =>
  shape.chain(lengths =>
    fc.tuple(fc.constant(lengths), fc.array(number, { minLength: count(lengths), maxLength: count(lengths) })),
  );

const npyBytes = fc
  .tuple(
    arrays(fc.integer({ min: 0, max: 1 })),
    fc.constantFrom(...npyTypes),
    fc.boolean(),
    fc.constantFrom<(1 | 2 | 3)[]>(1, 2, 3),
    fc.boolean(),
  )
  .map(([[lengths, values], type, little, version, fortran]) =>
    npy(lengths, values, { type, little, version, fortran }),
  );
const idxTypes: readonly IdxType[] = [8, 9, 11, 12, 13, 14];
const idxBytes = fc
  .tuple(arrays(fc.integer({ min: 0, max: 127 })), fc.constantFrom(...idxTypes))
  .map(([[lengths, values], type]) => idx(lengths, values, type));

describe.each([
  ['NPY', readNpy, npyBytes],
  ['IDX', readIdx, idxBytes],
] as const)('any %s file', (_name, read, sound) => {
  it('is an array that fits its bytes, or an error that says where, whatever happened to it', async () => {
    await fc.assert(
      fc.asyncProperty(sound, damage, fc.boolean(), async (bytes, spoil, compressed) => {
        const damaged = compressed ? spoil(gzipSync(bytes)) : spoil(bytes);
        const array = await acceptedLater(() => read(uncompressed(sourceOf(damaged), damaged)));
        if (!array) return;
        expect(array.values.length).toBe(count(array.shape));
        // No file of a few hundred bytes holds more, compressed or not.
        expect(array.values.length).toBeLessThanOrEqual(damaged.length * (compressed ? 1032 : 1));
      }),
      fuzz,
    );
  });
});

describe('the numbers of an array', () => {
  it('read back from NPY as they were written, in either order of bytes and of indices', async () => {
    await fc.assert(
      fc.asyncProperty(arrays(fc.double()), fc.boolean(), fc.boolean(), async ([lengths, values], little, fortran) => {
        const array = await readNpy(sourceOf(npy(lengths, values, { little, fortran })));
        expect(array.shape).toEqual(lengths);
        const place = (index: readonly number[]) =>
          index.reduceRight((sum, i, axis) => sum * (lengths[axis] ?? 1) + i, 0);
        let at = 0;
        for (const index of indices(lengths)) {
          expect(array.values[at]).toBe(values[fortran ? place(index) : at]);
          at++;
        }
      }),
      fuzz,
    );
  });

  it('read back from IDX as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(arrays(fc.double()), async ([lengths, values]) => {
        const array = await readIdx(sourceOf(idx(lengths, values, 14)));
        expect(array.shape).toEqual(lengths);
        expect([...array.values]).toEqual(values);
      }),
      fuzz,
    );
  });

  it('are refused before memory is taken, whatever sizes a header claims', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(64), async (claimed, size) => {
        const data = new Uint8Array(size);
        const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${claimed.join(', ')},), }`;
        for (const [read, bytes] of [
          [readIdx, Buffer.concat([idx(claimed, []), data])],
          [readNpy, npyFile(header, 1, data)],
        ] as const) {
          const array = await acceptedLater(() => read(sourceOf(bytes)));
          if (array) expect(count(claimed)).toBe(size);
        }
      }),
      fuzz,
    );
  });
});

/** All indices of an array, the last one running fastest. */
function indices(lengths: readonly number[]): number[][] {
  const [first, ...rest] = lengths;
  if (first === undefined) return [[]];
  return Array.from({ length: first }, (_, i) => indices(rest).map(index => [i, ...index])).flat();
}
