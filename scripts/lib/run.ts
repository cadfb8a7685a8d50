import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './paths.mjs';

/** Runs a program of an installed package, its output in this terminal. True when it succeeded. */
export function runTool(name: string, ...args: string[]): boolean {
  const tool = path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const { status } = spawnSync(tool, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0;
}

/** Runs one of the project's own scripts. */
export function runScript(script: string, ...args: string[]): boolean {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}
