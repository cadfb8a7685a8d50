/**
 * A real VS Code out of the npm package code-server: server and workbench in a browser, nothing
 * compiled. Used where VS Code itself can neither be found nor downloaded.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';

const version = '4.139.1';
const folder = path.join(root, '.vscode-test', `code-server-${version}`);
const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
const serverEntry = path.join(vscode, 'out/server-main.js');

/** Installs the server once, into an ignored folder. */
export function ensureCodeServer(): void {
  // Written last: a broken installation is made again.
  const stamp = path.join(folder, 'installed');
  if (existsSync(stamp)) return;
  console.log(`Installing VS Code (code-server ${version})…`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  npm(folder, ['install', ...quiet, `code-server@${version}`]);
  npm(vscode, ['install', '--omit=dev', ...quiet]);
  writeFileSync(stamp, '');
}

function npm(cwd: string, args: string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

export interface ServerOptions {
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where installed extensions are; an empty folder unless told otherwise. */
  readonly extensions?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * For tests: the page may name an extension in development and its tests. Notifications then wait
   * behind the bell instead of popping up.
   */
  readonly testDriver?: boolean;
  /** Folders are opened in Restricted Mode. */
  readonly restricted?: boolean;
}

export interface Server {
  readonly port: number;
  /** The address that opens a folder, with further settings of the workbench. */
  address(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** Everything the server has printed. */
  log(): string;
  /** Ends the server with all its processes and removes what it has written. */
  stop(): Promise<void>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.enablePreview': false,
  'git.openRepositoryInParentFolders': 'never',
};

/** Nobody is asked whether a folder is to be trusted, so it is not. */
const restrictedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Starts the server and waits until it listens. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const base = mkdtempSync(path.join(tmpdir(), 'mlp-studio-vscode-'));
  const userData = path.join(base, 'user-data');
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  writeFileSync(
    path.join(userData, 'User/settings.json'),
    JSON.stringify({ ...quietSettings, ...(options.restricted && restrictedSettings), ...options.settings }, null, 2),
  );
  const child = spawn(
    process.execPath,
    [
      serverEntry,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
      ...['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry'],
      ...['--disable-experiments', '--disable-getting-started-override'],
      ...(options.restricted ? [] : ['--disable-workspace-trust']),
      ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
      ...['--user-data-dir', userData, '--server-data-dir', base],
      ...['--extensions-dir', options.extensions ?? path.join(base, 'extensions')],
    ],
    // A process group of its own, so that its helpers end with it.
    { env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));

  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // The whole group is gone already.
    }
  };
  const stop = async () => {
    signal('SIGTERM');
    await Promise.race([exited, new Promise(resolve => setTimeout(resolve, 3000).unref())]);
    signal('SIGKILL');
    rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };

  const port = await new Promise<number>((resolve, reject) => {
    const look = () => {
      const found = /listening on (\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout.on('data', look);
    void exited.then(() => reject(new Error(`VS Code's server ended before it listened:\n${output}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  return {
    port,
    log: () => output,
    stop,
    address: (opened, payload = []) => {
      const pairs = [...payload, ['skipWelcome', 'true'], ['skipReleaseNotes', 'true']];
      const query = new URLSearchParams({ folder: opened, payload: JSON.stringify(pairs) });
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
  };
}

/** A path on this machine as the page of `server` names it. */
export const remotePath = ({ port }: Server, file: string): string => `vscode-remote://127.0.0.1:${port}${file}`;

/** Installs a .vsix into a folder of extensions. */
export function installExtension(vsix: string, extensions: string): void {
  execFileSync(
    process.execPath,
    [serverEntry, '--accept-server-license-terms', '--extensions-dir', extensions, '--install-extension', vsix],
    // Printed only when it fails, as part of the error.
    { stdio: 'pipe' },
  );
}
