import { describe, expect, it } from 'vitest';
import { Arena } from '../../../../engine/backends/wasm/arena.ts';
import { WasmBackend } from '../../../../engine/backends/wasm/wasm.ts';

describe('the memory of the kernels', () => {
  it('gives zeros that begin at a cache line and do not overlap, whatever the sizes', () => {
    const arena = new Arena();
    const matrices = [1, 3, 17, 64, 5].map((columns, i) => arena.matrix(i + 1, columns));
    for (const { values } of matrices) {
      expect(values.byteOffset % 64).toBe(0);
      expect([...values].every(value => value === 0)).toBe(true);
    }
    matrices.forEach(({ values }, i) => values.fill(i + 1));
    matrices.forEach(({ values }, i) => expect([...values].every(value => value === i + 1)).toBe(true));
  });

  it('grows without taking what was given out from its owner', () => {
    const arena = new Arena();
    const early = arena.matrix(1, 4);
    early.values.set([1, 2, 3, 4]);
    const large = arena.matrix(2048, 2048);
    large.values[2048 * 2048 - 1] = 7;
    expect([...early.values]).toEqual([1, 2, 3, 4]);
    expect(arena.addressOf(early.values)).toBe(early.values.byteOffset);
    expect(arena.addressOf(large.values)).toBeGreaterThan(early.values.byteOffset);
  });

  it('refuses numbers of another backend instead of reading somewhere', () => {
    const [one, other] = [new WasmBackend(1), new WasmBackend(1)];
    expect(() => one.add(one.allocate(1, 1), other.allocate(1, 1), one.allocate(1, 1))).toThrow('another backend');
  });

  it('says that memory is short when 4 GB do not suffice', () => {
    expect(() => new Arena().reserve(5 * 1024 ** 3)).toThrow(
      expect.objectContaining({ code: 'memory-limit', message: expect.stringContaining('Use fewer units') as string }),
    );
  });
});
