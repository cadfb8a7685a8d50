/** Every test there is, one stage after the other; ends with one line that counts them. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './lib/paths.mjs';

const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const run = (command: string, args: string[]) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;

const passed = run(bin('vitest'), ['run']);
process.exitCode = passed ? 0 : 1;
