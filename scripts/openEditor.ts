/** Opens the examples in VS Code with this extension: in `code` if it is there, else in a browser. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureCodeServer, installExtension, startServer } from './lib/codeServer.ts';
import { root, vsixFile } from './lib/paths.mjs';

const examples = path.join(root, 'examples');

function run(script: string): void {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', script)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** True when the `code` command has opened a window. */
function openDesktop(): boolean {
  if (process.env['MLP_STUDIO_EDITOR'] === 'browser') return false;
  const { status } = spawnSync('code', [`--extensionDevelopmentPath=${root}`, examples], {
    stdio: ['ignore', 'ignore', 'ignore'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

async function serveBrowser(): Promise<void> {
  ensureCodeServer();
  run('package.ts');
  const extensions = mkdtempSync(path.join(tmpdir(), 'mlp-studio-extensions-'));
  installExtension(vsixFile, extensions);
  const server = await startServer({ port: Number(process.env['PORT'] ?? 0), extensions });
  const address = server.address(examples);
  console.log(`\nMLP Studio is open at\n\n  ${address}\n\nOpen it in a browser. Ctrl+C ends it.`);
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void server.stop().then(() => {
      rmSync(extensions, { recursive: true, force: true });
      process.exit(0);
    });
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
}

run('build.mjs');
if (openDesktop()) console.log('VS Code has opened the examples with MLP Studio.');
else await serveBrowser();
