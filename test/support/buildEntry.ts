import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { kernelsFolder } from '../../scripts/lib/kernels.mjs';
import { nodeBundle } from '../../scripts/lib/nodeBundle.mjs';
import { root } from '../../scripts/lib/paths.mjs';

/** Bundles one of the engine's entries as the build does, and gives the file; for tests that start it. */
export async function buildEntry(entry: string): Promise<string> {
  const folder = path.join(root, '.cache/test', String(process.pid));
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${entry.replaceAll(/[/.]/g, '-')}.mjs`);
  cpSync(kernelsFolder, path.join(folder, 'kernels'), { recursive: true });
  await build({ ...nodeBundle, absWorkingDir: root, entryPoints: [entry], outfile, logLevel: 'error' });
  return outfile;
}
