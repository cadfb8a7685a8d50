/**
 * What `npm start` and `npm test` need before anything else: installed packages and a recent Node.
 * Plain JavaScript without packages, because it runs in a fresh clone under whatever Node is there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} LockFile */

/** @param {string} file */
function readLock(file) {
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  return /** @type {LockFile} */ (lock).packages;
}

/** True when node_modules holds every package that the lock file names, in its version. */
function packagesAreCurrent() {
  const installedLock = 'node_modules/.package-lock.json';
  if (!existsSync(path.join(root, installedLock))) return false;
  const installed = readLock(installedLock);
  return Object.entries(readLock('package-lock.json')).every(
    ([place, { version, optional }]) => place === '' || optional || installed[place]?.version === version,
  );
}

/**
 * Installs what is missing, then runs a script of this folder with the project's own Node and
 * ends as it ends.
 *
 * @param {string} script
 */
export function runWithProjectNode(script) {
  if (!packagesAreCurrent()) {
    console.log('Installing packages…');
    const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    if (install.status !== 0) process.exit(install.status ?? 1);
  }
  const bin = path.join(root, 'node_modules/.bin');
  const node = path.join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const child = spawn(node, [path.join(root, 'scripts', script), ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
  });
  // Ctrl+C reaches the child by the terminal; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
