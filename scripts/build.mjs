/**
 * Bundles everything that ships into dist/ and writes the JSON Schema of model files.
 * `--watch` rebuilds on change; `--production` minifies and leaves out source maps.
 */
import { mkdir, cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { buildKernels, kernelsFolder } from './lib/kernels.mjs';
import { nodeBundle } from './lib/nodeBundle.mjs';
import { root } from './lib/paths.mjs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const dist = path.join(root, 'dist');
/** Views of one script each; the lab below comes in parts, because three.js is worth loading only where it is seen. */
const views = ['designer', 'training', 'gradients', 'explain', 'comparison', 'sweep', 'device'];

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  minify: production,
  sourcemap: !production,
  legalComments: 'none',
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const view = {
  ...common,
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...common,
    ...nodeBundle,
    entryPoints: ['extension/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    banner: {},
    external: ['vscode'],
  },
  {
    ...common,
    ...nodeBundle,
    entryPoints: { process: 'engine/process/main.ts', cli: 'engine/cli/main.ts' },
    outdir: 'dist',
  },
  ...views.map(name => ({
    ...view,
    entryPoints: { [name]: `webview/${name}/main.tsx` },
    format: /** @type {const} */ ('iife'),
  })),
  // A worker of a view, which brings gpu.js along.
  {
    ...view,
    entryPoints: { deviceWorker: 'engine/worker/main.ts' },
    format: /** @type {const} */ ('iife'),
  },
  {
    ...view,
    entryPoints: { lab: 'webview/lab/main.tsx' },
    format: 'esm',
    splitting: true,
    chunkNames: 'lab-[name]-[hash]',
  },
];

/** React comes along as a peer of the form controls; nothing we ship may pull it in. */
const forbiddenInBundles = /(^|\/)node_modules\/(react|react-dom|@microsoft\/fast-react-wrapper)\//;

/** @param {import('esbuild').Metafile} metafile */
function checkAndList({ inputs, outputs }) {
  const forbidden = Object.keys(inputs).filter(file => forbiddenInBundles.test(file));
  if (forbidden.length > 0)
    throw new Error(`React must not enter a bundle, but these files did: ${forbidden.join(', ')}`);
  for (const [file, { bytes }] of Object.entries(outputs)) {
    if (!file.endsWith('.map')) console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`);
  }
}

async function writeSchema() {
  // Loaded here and not above: watching does not need it, and only a recent Node reads TypeScript.
  const { mlpJsonSchema } = await import('../engine/model/jsonSchema.ts');
  const prettier = await import('prettier');
  const file = path.join(root, 'schemas/mlp.schema.json');
  const options = await prettier.resolveConfig(file);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await prettier.format(JSON.stringify(mlpJsonSchema()), { ...options, filepath: file }));
}

async function copyIcons() {
  const icons = path.join(root, 'node_modules/@vscode/codicons/dist');
  await mkdir(path.join(dist, 'webview'), { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) await cp(path.join(icons, file), path.join(dist, 'webview', file));
}

/** Bundles look for the kernels beside themselves. */
async function copyKernels() {
  await buildKernels();
  const isShipped = /** @param {string} file */ file => !file.endsWith('.sha256');
  await cp(kernelsFolder, path.join(dist, 'kernels'), { recursive: true, filter: isShipped });
}

// A shipped package holds what this build made and nothing older.
if (production) await rm(dist, { recursive: true, force: true });
await Promise.all([copyIcons(), copyKernels(), writeSchema()]);

if (watch) {
  const contexts = await Promise.all(bundles.map(options => esbuild.context({ ...options, logLevel: 'info' })));
  await Promise.all(contexts.map(context => context.watch()));
} else {
  // One broken bundle must not hide the state of the others.
  const results = await Promise.allSettled(bundles.map(options => esbuild.build(options)));
  for (const result of results) {
    if (result.status === 'fulfilled') {
      if (result.value.metafile) checkAndList(result.value.metafile);
    } else {
      // esbuild has printed its own errors already.
      if (!(result.reason instanceof Error && 'errors' in result.reason)) console.error(result.reason);
      process.exitCode = 1;
    }
  }
}
