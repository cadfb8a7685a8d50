/**
 * `npm run bench:watching`: what it costs to watch a training, in a real VS Code. How soon the first curve is there; what a
 * run of a million epochs costs while it runs and when it is opened again, in time, memory and frames; how
 * fast a training is with its views open and closed. It asserts nothing.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Frame, type Page } from 'playwright-core';
import { ensureChromium } from '../scripts/lib/chromium.ts';
import { ensureCodeServer, remotePath, startServer } from '../scripts/lib/codeServer.ts';
import { ownMark, ownProcesses } from '../scripts/lib/ownProcesses.ts';
import { frameLength, measure } from './frames.ts';

const root = path.resolve(import.meta.dirname, '..');

const million = {
  version: 1,
  name: 'Million',
  data: { source: { kind: 'generator', name: 'xor', samples: 40, noise: 0.1 }, split: { validation: 0.2 } },
  layers: [
    { id: 'hidden1', type: 'dense', units: 4, activation: 'tanh' },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'sgd', learningRate: 0.01 },
  training: { epochs: 1_000_000, batchSize: 'full' },
};

const speed = {
  ...million,
  name: 'Speed',
  data: { source: { kind: 'generator', name: 'spiral', samples: 2000 }, split: { validation: 0.2 } },
  layers: [
    { id: 'hidden1', type: 'dense', units: 64, activation: 'relu' },
    { id: 'hidden2', type: 'dense', units: 64, activation: 'relu' },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  training: { epochs: 3000, batchSize: 16 },
  backend: 'wasm',
};

/** The page of a view in which there is such an element. */
async function viewWith(page: Page, selector: string): Promise<Frame> {
  for (;;) {
    for (const frame of page.frames()) {
      const found = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (found > 0) return frame;
    }
    await page.waitForTimeout(5);
  }
}

async function openFile(page: Page, file: string): Promise<void> {
  await run(page, 'View: Show Explorer');
  await page.locator('.explorer-folders-view').getByRole('treeitem', { name: file }).dblclick();
}

async function run(page: Page, title: string): Promise<void> {
  const palette = page.locator('.quick-input-widget');
  await page.keyboard.press('F1');
  await palette.locator('input').first().fill(`>${title}`);
  await palette.getByRole('option', { name: title }).first().click();
}

/** Resident megabytes of the process that runs the extensions. */
function hostMemory(): number {
  const [pid] = ownProcesses('--type=extensionHost');
  const status = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
}

/** Megabytes that a page's scripts hold, after a collection. */
async function pageMemory(page: Page, view: Frame): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const own = await view.evaluate<number>('performance.memory ? performance.memory.usedJSHeapSize : 0');
  return Math.max(own, usedSize) / 1e6;
}

const text = (value: number, unit: string) => `${value.toFixed(0)} ${unit}`;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Median rows per second of the newest run of a model, by its file. */
function speedOf(folder: string, name: string): number {
  const runs = path.join(folder, '.mlp-runs', name);
  const newest = readdirSync(runs).sort().at(-1) ?? '';
  const lines = readFileSync(path.join(runs, newest, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return median(lines.flatMap(line => /"samplesPerSecond":([\d.]+)/.exec(line)?.[1] ?? []).map(Number));
}

/** A curve that still grows. */
const growing = ':root:not(:has([data-testid="end-reason"])) [data-testid="loss-chart"] canvas';
const ended = '[data-testid="end-reason"]';

async function firstCurve(page: Page): Promise<void> {
  await openFile(page, 'long-spiral.mlp.json');
  const designer = await viewWith(page, '[data-testid="train-button"]');
  for (const title of ['no panel yet', 'panel is open']) {
    const started = performance.now();
    await designer.locator('[data-testid="train-button"]').click();
    await viewWith(page, growing);
    console.log(`First curve of the spiral, ${title}: ${text(performance.now() - started, 'ms')}`);
    await run(page, 'MLP Studio: Stop Training');
    await viewWith(page, ended);
  }
}

async function longRun(page: Page, folder: string): Promise<void> {
  await openFile(page, 'million.mlp.json');
  await viewWith(page, '[data-testid="layer-hidden1"]');
  console.log(`A run of 10⁶ epochs. Memory of the extension host before: ${text(hostMemory(), 'MB')}`);
  const started = performance.now();
  await run(page, 'MLP Studio: Train');
  const live = await viewWith(page, growing);
  await page.waitForTimeout(10_000);
  console.log(
    `  while it runs, after 10 s: host ${text(hostMemory(), 'MB')}, page ${text(await pageMemory(page, live), 'MB')}`,
  );
  await gestures(page, live);
  await live.locator(ended).waitFor({ timeout: 580_000 });
  console.log(
    `  over after ${text((performance.now() - started) / 1000, 's')}: host ${text(hostMemory(), 'MB')}, page ${text(await pageMemory(page, live), 'MB')}`,
  );
  const [name = ''] = readdirSync(path.join(folder, '.mlp-runs/Million'));
  const { size } = statSync(path.join(folder, '.mlp-runs/Million', name, 'metrics.jsonl'));
  await page.reload();
  await page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor();
  const reloaded = performance.now();
  const again = await viewWith(page, '[data-testid="loss-chart"]');
  console.log(
    `  opened again from ${text(size / 1e6, 'MB')} after ${text(performance.now() - reloaded, 'ms')}: host ${text(hostMemory(), 'MB')}, page ${text(await pageMemory(page, again), 'MB')}`,
  );
  await gestures(page, again);
}

async function gestures(page: Page, view: Frame): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const box = await view.locator('[data-testid="loss-chart"] canvas').boundingBox();
  if (!box) throw new Error('The chart is not there.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await measure(session, view, 'hover', async () => {
    for (let i = 0; i < 60; i++) await page.mouse.move(x - 120 + i * 4, y);
  });
  await measure(session, view, 'zoom', async () => {
    for (let i = 0; i < 30; i++) {
      await page.mouse.wheel(0, i < 20 ? -40 : 40);
      await page.waitForTimeout(frameLength);
    }
  });
  await page.keyboard.press('0');
  await session.detach();
}

/** Rows a second with nobody watching, with the panel alone, and with the gradients beside it, in turn. */
async function speeds(page: Page, folder: string): Promise<void> {
  const file = path.join(folder, 'speed.mlp.json');
  const measured = { 'command line': [], 'Gradients closed': [], 'Gradients open': [] } as Record<string, number[]>;
  const trained = async (title: string) => {
    await run(page, 'MLP Studio: Train');
    const training = await viewWith(page, growing);
    await training.locator(ended).waitFor({ timeout: 120_000 });
    measured[title]?.push(speedOf(folder, 'Speed'));
  };
  await openFile(page, 'speed.mlp.json');
  for (let round = 0; round < 3; round++) {
    const cli = [path.join(root, 'dist/cli.js'), 'train', file, '--json'];
    execFileSync(process.execPath, cli, { stdio: 'ignore' });
    measured['command line']?.push(speedOf(folder, 'Speed'));
    await run(page, 'View: Show Explorer');
    await trained('Gradients closed');
    await page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    await trained('Gradients open');
  }
  console.log('Thousands of rows a second while training, three rounds:');
  for (const [title, values] of Object.entries(measured))
    console.log(`  ${title.padEnd(18)} ${values.map(value => (value / 1000).toFixed(0).padStart(6)).join(' ')}`);
}

ensureCodeServer();
const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-bench-'));
cpSync(path.join(root, 'examples'), folder, { recursive: true });
const spiral = readFileSync(path.join(root, 'examples/spiral.mlp.json'), 'utf8');
writeFileSync(path.join(folder, 'long-spiral.mlp.json'), spiral.replace(/"epochs": \d+/, '"epochs": 100000'));
writeFileSync(path.join(folder, 'million.mlp.json'), JSON.stringify(million, null, 2));
writeFileSync(path.join(folder, 'speed.mlp.json'), JSON.stringify(speed, null, 2));
const server = await startServer({ testDriver: true, environment: ownMark });
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({ viewport: { width: 1480, height: 800 } });
  // The page of a webview waits for an update of its service worker, which takes seconds here and is not needed.
  await page.addInitScript(
    `if ('ServiceWorkerRegistration' in globalThis) ServiceWorkerRegistration.prototype.update = function () { return Promise.resolve(this); }`,
  );
  await page.goto(server.address(folder, [['extensionDevelopmentPath', remotePath(server, root)]]));
  await page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor();
  await firstCurve(page);
  await speeds(page, folder);
  await longRun(page, folder);
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
