import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Views under test render TSX as their bundles do.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    globalSetup: ['test/support/buildKernels.ts'],
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'test/extension/host/**'],
    maxWorkers: '100%',
    // Some tests start the compiler or a process; the machine may be busy.
    testTimeout: 30_000,
  },
});
