import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../../engine/export/safetensors.ts';
import { EngineError } from '../../../engine/model/errors.ts';

const tensors = () =>
  new Map<string, Tensor>([
    ['hidden1.weight', { shape: [2, 3], values: new Float64Array([1, -2.5, 1e-300, 4, 5, 6]) }],
    ['hidden1.bias', { shape: [2], values: new Float32Array([0.5, -0.5]) }],
  ]);

describe('safetensors', () => {
  it('gives back the tensors, their precision and the metadata', () => {
    const read = decodeSafetensors(encodeSafetensors(tensors(), { loss: '0.25' }), 'w');
    expect(read.tensors).toEqual(tensors());
    expect(read.metadata).toEqual({ loss: '0.25' });
  });

  it('begins its data at a multiple of eight bytes', () => {
    const bytes = encodeSafetensors(tensors(), { name: 'Größe' });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('refuses any damaged file with an error of its own', () => {
    const good = encodeSafetensors(tensors());
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const damaged = good.slice(0, length);
        if (at < length) damaged[at] = byte;
        try {
          for (const { shape, values } of decodeSafetensors(damaged, 'w').tensors.values())
            expect(values.length).toBe(shape.reduce((product, n) => product * n, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a header that claims more than the file holds, before it is read', () => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 62n, true);
    expect(() => decodeSafetensors(bytes, 'w')).toThrow('longer than the file');
  });
});
