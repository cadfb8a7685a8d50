/**
 * `npm run package`: builds for production and makes the .vsix that VS Code installs.
 *
 *     (nothing)      the universal one, without a GPU in Node: it trains on the CPU, and on the GPU in a view
 *     --target T     the one for a platform, with its WebGPU: linux-x64, linux-arm64, darwin-x64, darwin-arm64, win32-x64, win32-arm64
 *     --all          the universal one and that of every platform
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, vsixFile } from './lib/paths.mjs';
import { runScript, runTool } from './lib/run.ts';

/** The folder of Dawn's binaries for each platform that VS Code knows. */
const binaries: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-universal',
  'darwin-arm64': 'darwin-universal',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};

const { values } = parseArgs({ options: { target: { type: 'string' }, all: { type: 'boolean' } } });
if (values.target !== undefined && !(values.target in binaries))
  throw new Error(`There is no platform "${values.target}". The platforms are ${Object.keys(binaries).join(', ')}.`);
const targets = values.all ? [undefined, ...Object.keys(binaries)] : [values.target];

/** Where the bundles look for WebGPU. */
const shipped = path.join(root, 'dist/webgpu');

async function shipWebGpu(folder: string | undefined): Promise<void> {
  await rm(shipped, { recursive: true, force: true });
  if (folder === undefined) return;
  const installed = path.join(root, 'node_modules/webgpu');
  await mkdir(shipped, { recursive: true });
  for (const part of ['index.js', 'package.json', 'LICENSE.md', `dist/${folder}`])
    await cp(path.join(installed, part), path.join(shipped, part), { recursive: true });
}

function makePackage(target: string | undefined): boolean {
  // Everything else is bundled, so no package needs to come along.
  return runTool(
    'vsce',
    'package',
    ...['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'],
    ...(target === undefined ? [] : ['--target', target]),
    ...['--out', target === undefined ? vsixFile : vsixFile.replace('.vsix', `-${target}.vsix`)],
  );
}

let succeeded = runScript('build.mjs', '--production');
for (const target of targets) {
  if (!succeeded) break;
  await shipWebGpu(target && binaries[target]);
  succeeded = makePackage(target);
}
await shipWebGpu(undefined);
process.exitCode = succeeded ? 0 : 1;
