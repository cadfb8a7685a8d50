import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureChromium } from '../../../scripts/lib/chromium.ts';
import { root } from '../../../scripts/lib/paths.mjs';

/** How Chromium is told to compute on the processor what it would give to a GPU, where there is none. */
export const softwareDevices = {
  webgl2: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  webgpu: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
} as const;

/** Chromium with an empty page that may use WebGPU. */
export async function openPage(args: readonly string[]): Promise<{ browser: Browser; page: Page }> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...args, ...sandbox] });
  const page = await browser.newPage();
  // A secure address that is never asked for: everything there is answered here.
  await page.route('https://studio.test/**', route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto('https://studio.test/');
  return { browser, page };
}

/** One of our scripts as a browser loads it: one file, no Node in it. */
export async function scriptOf(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
