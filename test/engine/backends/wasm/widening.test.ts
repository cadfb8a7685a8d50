import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadFusedKernels, loadKernels, loadPlainKernels } from '../../../../engine/backends/wasm/kernels.ts';
import { widens } from '../../../../engine/backends/wasm/widening.ts';

const canBeTold = 'v8_enable_wasm_simd256_revec' in process.config.variables;
const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
/** Linux says what its processor can do. */
const processor = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
/** V8 13.6 is the first that was seen to do it well. */
const canJoin = canBeTold && (major > 13 || (major === 13 && minor >= 6)) && / avx2 /.test(processor);

const [plain, fused] = [loadPlainKernels(), loadFusedKernels()];

describe('kernels for vectors of 8', () => {
  it('are not taken when what they compute is not the product', () => {
    // Blocks of 8 columns where 16 are asked for: whatever their speed, half of the numbers are missing.
    expect(widens(plain.module, (fused ?? plain).module)).toBe(false);
  });

  it.skipIf(processor === '')(
    'are what is loaded where runtime and processor can join vectors, and nowhere else',
    () => {
      expect(loadKernels().lanes).toBe(canJoin ? 8 : 4);
    },
  );
});
