import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    // One VS Code at a time: it is what a person would have open.
    fileParallelism: false,
    // A machine may be slow; what is waited for comes or it does not.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
