/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const requireForBundledPackages =
  "import { createRequire as createRequireForPackages } from 'node:module'; const require = createRequireForPackages(import.meta.url);";

/**
 * How the engine's entries, the training process and the command line, are bundled.
 *
 * @type {import('esbuild').BuildOptions}
 */
export const nodeBundle = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // jsonc-parser's "main" is UMD, which hides its imports from the bundler.
  mainFields: ['module', 'main'],
  // The first comes with its binaries and is looked for beside the bundle; the second is there if the user has installed it.
  external: ['webgpu', 'gl'],
  banner: { js: requireForBundledPackages },
};
