import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../engine/export/safetensors.ts';
import { accepted, damage, fuzz } from './fuzzing.ts';

const name = fc.string({ minLength: 1, maxLength: 8 }).filter(text => text !== '__metadata__');
const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
  .chain(([rows, columns, wide]) =>
    fc
      .array(wide ? fc.double() : fc.float(), { minLength: rows * columns, maxLength: rows * columns })
      .map(values => ({ shape: [rows, columns], values: wide ? new Float64Array(values) : new Float32Array(values) })),
  );
const files = fc.tuple(
  fc.array(fc.tuple(name, tensor), { maxLength: 4 }).map(entries => new Map(entries)),
  fc.dictionary(name, fc.string({ maxLength: 8 }), { maxKeys: 3 }),
);

describe('any safetensors file', () => {
  it('gives back the numbers and texts that were written', () => {
    fc.assert(
      fc.property(files, ([tensors, metadata]) => {
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata), 'w');
        expect(read.tensors).toEqual(tensors);
        expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
      }),
      fuzz,
    );
  });

  it('is tensors that fit its bytes, or an error that says where, whatever happened to it', () => {
    fc.assert(
      fc.property(files, damage, ([tensors, metadata], spoil) => {
        const damaged = spoil(encodeSafetensors(tensors, metadata));
        const read = accepted(() => decodeSafetensors(damaged, 'w'));
        for (const { shape, values } of read?.tensors.values() ?? []) {
          expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
          expect(values.byteLength).toBeLessThanOrEqual(damaged.length);
        }
      }),
      fuzz,
    );
  });

  it('is refused whatever sizes its header claims beyond its bytes', () => {
    const size = fc.oneof(fc.nat(), fc.maxSafeNat());
    fc.assert(
      fc.property(
        fc.array(size, { maxLength: 9 }),
        size,
        size,
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (shape, start, end, length) => {
          const header = Buffer.from(JSON.stringify({ w: { dtype: 'F64', shape, data_offsets: [start, end] } }));
          for (const claimed of [BigInt(header.length), length]) {
            const prefix = Buffer.alloc(8);
            prefix.writeBigUInt64LE(claimed);
            const read = accepted(() => decodeSafetensors(Buffer.concat([prefix, header, Buffer.alloc(16)]), 'w'));
            for (const { values } of read?.tensors.values() ?? []) expect(values.byteLength).toBeLessThanOrEqual(16);
          }
        },
      ),
      fuzz,
    );
  });
});
