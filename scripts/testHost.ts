/** Runs test/extension/host inside a real VS Code: the desktop one if it can be had, else code-server. */
import { existsSync, mkdirSync, mkdtempSync, cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureChromium } from './lib/chromium.ts';
import { ensureCodeServer, remotePath, startServer } from './lib/codeServer.ts';
import { root } from './lib/paths.mjs';

const entry = path.join(root, '.cache/host-tests/run.cjs');
const report = path.join(root, 'test-results/host.json');
const limit = 5 * 60_000;

/** Bundles the tests into one file that VS Code loads. */
async function bundle(): Promise<void> {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/extension/host/run.ts'],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'error',
  });
}

/** The desktop VS Code to test in; undefined where it can be neither found nor downloaded. */
async function desktop(): Promise<string | undefined> {
  const given = process.env['VSCODE_EXECUTABLE'];
  if (given !== undefined) return given;
  if (process.env['MLP_STUDIO_EDITOR'] === 'browser') return undefined;
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', timeout: 15_000 });
  } catch (error) {
    if (process.platform !== 'linux') throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.log(`VS Code cannot be downloaded (${reason ?? ''}); code-server is used instead.`);
    return undefined;
  }
}

async function testInDesktop(vscodeExecutablePath: string, folder: string, environment: Record<string, string>) {
  return runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: entry,
    extensionTestsEnv: environment,
    launchArgs: [
      folder,
      ...['--disable-extensions', '--disable-workspace-trust'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}

async function testInCodeServer(folder: string, environment: Record<string, string>): Promise<number> {
  ensureCodeServer();
  const server = await startServer({ environment, testDriver: true });
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    const ended = Promise.withResolvers<number>();
    await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    page.on('crash', () => ended.reject(new Error('The browser crashed.')));
    const timer = setTimeout(() => ended.reject(new Error('The tests did not come to an end.')), limit);
    await page.goto(
      server.address(folder, [
        ['extensionDevelopmentPath', remotePath(server, root)],
        ['extensionTestsPath', remotePath(server, entry)],
      ]),
    );
    try {
      return await ended.promise;
    } catch (error) {
      await page.screenshot({ path: path.join(root, 'test-results/failed-host-tests.png') });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

await bundle();
const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-host-'));
cpSync(path.join(root, 'examples'), folder, { recursive: true });
mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
try {
  const environment = { MLP_STUDIO_TEST_REPORT: report };
  const executable = await desktop();
  const code = executable
    ? await testInDesktop(executable, folder, environment)
    : await testInCodeServer(folder, environment);
  process.exitCode = code === 0 && existsSync(report) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
