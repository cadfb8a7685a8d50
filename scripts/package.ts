/** `npm run package`: builds for production and makes the .vsix that VS Code installs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root, vsixFile } from './lib/paths.mjs';

function run(script: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('scripts/build.mjs', '--production');
// Everything is bundled, so no package needs to come along.
run('node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--out', vsixFile);
