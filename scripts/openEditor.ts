/** Opens the examples in VS Code with this extension: in `code` if it is there, else in a browser. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureCodeServer, installExtension, startServer } from './lib/codeServer.ts';
import { root, vsixFile } from './lib/paths.mjs';
import { runScript } from './lib/run.ts';

const examples = path.join(root, 'examples');

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
  if (!runScript('package.ts')) process.exit(1);
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

if (!runScript('build.mjs')) process.exit(1);
if (openDesktop()) console.log('VS Code has opened the examples with MLP Studio.');
else await serveBrowser();
