import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Webview tests render TSX as the bundles do.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'test/extension/host/**'],
    testTimeout: 20_000,
  },
});
