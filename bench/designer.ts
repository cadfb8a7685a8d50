/**
 * `npm run bench:designer`: what gestures cost in the designer on large networks, from Chromium's trace of a
 * real VS Code. For each gesture: milliseconds of processor that script, layout and paint of one frame took,
 * and milliseconds between frames on the screen (drawn by software here). It asserts nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Frame, type Page } from 'playwright-core';
import { ensureChromium } from '../scripts/lib/chromium.ts';
import { ensureCodeServer, remotePath, startServer } from '../scripts/lib/codeServer.ts';
import { frameLength, measure } from './frames.ts';

const root = path.resolve(import.meta.dirname, '..');

const hidden = (count: number, units: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `h${String(i)}`, type: 'dense', units, activation: 'relu' }));
const networks = {
  'one small layer': hidden(1, 4),
  'fifty layers of 512': hidden(50, 512),
  'one layer of 4096': hidden(1, 4096),
};

async function designerIn(page: Page): Promise<Frame> {
  for (;;) {
    for (const frame of page.frames()) {
      const layers = await frame
        .locator('[data-testid="layer-h0"]')
        .count()
        .catch(() => 0);
      if (layers > 0) return frame;
    }
    await page.waitForTimeout(5);
  }
}

/** Milliseconds from the press to the page's beginning, to its script, to the first message of the host, and to its picture. */
async function opening(view: Frame, pressed: number): Promise<string> {
  await view.waitForFunction("performance.getEntriesByName('mlpStudio.drawn').length > 0");
  const [origin, ...marks] = await view.evaluate<number[]>(
    "[performance.timeOrigin, ...['script', 'told', 'drawn'].map(name => performance.getEntriesByName('mlpStudio.' + name)[0].startTime)]",
  );
  const [script = NaN, told = NaN, drawn = NaN] = marks;
  const figures = [(origin ?? NaN) - pressed, script, told - script, drawn - told];
  const words = ['VS Code makes the page', 'the page loads its script', 'the host answers', 'the picture is drawn'];
  return words.map((word, i) => `${word} ${(figures[i] ?? NaN).toFixed(0)}`).join(', ');
}

async function bench(page: Page, title: string, file: string): Promise<void> {
  const item = page.locator('.explorer-folders-view').getByRole('treeitem', { name: file });
  await item.waitFor();
  const started = performance.now();
  const pressed = Date.now();
  await item.dblclick();
  const view = await designerIn(page);
  console.log(`${title}: open after ${(performance.now() - started).toFixed(0)} ms: ${await opening(view, pressed)}`);
  console.log(`  ${' '.repeat(18)} median, 95 %, largest in ms`);
  await page.waitForTimeout(2000);
  const session = await page.context().newCDPSession(page);
  const box = await view.locator('.canvas-area').boundingBox();
  if (!box) throw new Error('The canvas is not there.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const { mouse } = page;
  const across = async (row: number) => {
    for (let i = 0; i < 60; i++) await mouse.move(x - 240 + i * 8, row);
  };
  const pan = async () => {
    await mouse.move(x - 240, box.y + 20);
    await mouse.down();
    await across(box.y + 20);
    await mouse.up();
  };
  await measure(session, view, 'pan, all seen', pan);
  await mouse.move(x, y);
  await measure(session, view, 'zoom', async () => {
    await page.keyboard.down('Control');
    for (let i = 0; i < 30; i++) {
      await mouse.wheel(0, -20);
      await page.waitForTimeout(frameLength);
    }
    await page.keyboard.up('Control');
  });
  await measure(session, view, 'pan, near', pan);
  const palette = await view.locator('[data-testid="palette-dense"]').boundingBox();
  await measure(session, view, 'drag a layer', async () => {
    await mouse.move((palette?.x ?? 0) + 20, (palette?.y ?? 0) + 8);
    await mouse.down();
    await across(y);
    await page.keyboard.press('Escape');
    await mouse.up();
  });
  await measure(session, view, 'hover', () => across(y));
}

ensureCodeServer();
const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-bench-'));
const server = await startServer({ testDriver: true });
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1480, height: 800 } });
  for (const [index, layers] of Object.values(networks).entries()) {
    const output = { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' };
    const data = { source: { kind: 'generator', name: 'spiral', samples: 300 } };
    const model = { version: 1, data, layers: [...layers, output], loss: 'binaryCrossEntropy' };
    writeFileSync(path.join(folder, `bench${String(index)}.mlp.json`), JSON.stringify(model, null, 2));
  }
  await page.goto(server.address(folder, [['extensionDevelopmentPath', remotePath(server, root)]]));
  await page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor();
  // The window goes on starting for a while.
  await page.waitForTimeout(5000);
  for (const [index, title] of Object.keys(networks).entries())
    await bench(page, title, `bench${String(index)}.mlp.json`);
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
