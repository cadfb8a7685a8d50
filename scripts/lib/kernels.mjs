/** Compiles the kernels of the WebAssembly backend; nothing happens when they are up to date. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import { root } from './paths.mjs';

const backend = 'engine/backends/wasm';

/** Where the backend looks for its kernels when it runs from the sources. */
export const kernelsFolder = path.join(root, backend, 'kernels');

const compiler = path.join(root, 'node_modules/assemblyscript/bin/asc.js');

/**
 * With fused multiply-add for runtimes that have relaxed SIMD, and without; and with blocks twice as wide for those that also make one vector of 8
 * numbers of two of 4.
 */
const variants = {
  wide: ['--enable', 'relaxed-simd', '--use', 'WIDE=1'],
  relaxed: ['--enable', 'relaxed-simd', '--use', 'WIDE=0'],
  simd: ['--use', 'WIDE=0'],
};

const options = [
  ...['-O3', '--runtime', 'stub', '--noAssert', '--use', 'abort='],
  // One memory, which the host makes, for all threads; its first 4 KB are the meeting place of the threads.
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--memoryBase', '4096'],
  ...['--enable', 'simd', '--enable', 'threads'],
  // Vectors are exchanged between files, not with the host.
  ...['--disableWarning', '112'],
];

/** @returns {Promise<void>} */
export async function buildKernels() {
  const fingerprint = fingerprintOfSources();
  const stamp = path.join(kernelsFolder, 'sources.sha256');
  const isWhole = ['worker.mjs', ...Object.keys(variants).map(name => `${name}.wasm`)].every(name =>
    existsSync(path.join(kernelsFolder, name)),
  );
  if (isWhole && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  mkdirSync(kernelsFolder, { recursive: true });
  for (const [name, more] of Object.entries(variants)) {
    const entry = `${backend}/assembly/index.ts`;
    const outFile = path.relative(root, path.join(kernelsFolder, `${name}.wasm`));
    execFileSync(process.execPath, [compiler, entry, '--outFile', outFile, ...options, ...more], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`${backend}/worker.ts`],
    outfile: path.join(kernelsFolder, 'worker.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  writeFileSync(stamp, fingerprint);
}

function fingerprintOfSources() {
  const hash = createHash('sha256').update(JSON.stringify([variants, options]));
  for (const folder of [backend, `${backend}/assembly`])
    for (const name of readdirSync(path.join(root, folder)).sort())
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(path.join(root, folder, name)));
  return hash.digest('hex');
}
