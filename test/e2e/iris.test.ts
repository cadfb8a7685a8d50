import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureCodeServer, installExtension } from '../../scripts/lib/codeServer.ts';
import { vsixFile } from '../../scripts/lib/paths.mjs';
import { trainOnCommandLine } from './support/commandLine.ts';
import { drag, Workbench } from './support/workbench.ts';

const extensions = mkdtempSync(path.join(tmpdir(), 'mlp-studio-extensions-'));
afterAll(() => rmSync(extensions, { recursive: true, force: true }));

/** The number behind a figure, in full precision. */
async function figure(view: Frame, testId: string): Promise<number> {
  return Number(await view.getByTestId(testId).getAttribute('data-value'));
}

describe.each(['loaded from source', 'installed from its package'])('the Iris example, extension %s', how => {
  let workbench: Workbench;
  let designer: Frame;
  let training: Frame;
  let file: string;
  let original: string;

  beforeAll(async () => {
    if (how === 'installed from its package') {
      ensureCodeServer();
      installExtension(vsixFile, extensions);
    }
    workbench = await Workbench.open(how === 'loaded from source' ? {} : { extensions, fromSource: false });
    file = path.join(workbench.folder, 'iris.mlp.json');
    original = readFileSync(file, 'utf8');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('opens in the designer and shows its data', async () => {
    await workbench.openFromExplorer('iris.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('layer-hidden1').waitFor();
    await designer.getByTestId('data-card').getByText('150', { exact: true }).waitFor();
    expect(await figure(designer, 'problems-count')).toBe(0);
    expect(await figure(designer, 'parameter-count')).toBe(4 * 16 + 16 + 16 * 3 + 3);
  });

  it('takes a dense layer by drag, 16 units by typing, and gives both back by undo and redo', async () => {
    await drag(workbench.page, designer.getByTestId('palette-dense'), designer.getByTestId('gap-1'));
    await designer.getByTestId('layer-hidden2').waitFor();
    const units = designer.getByTestId('inspector-units').locator('input');
    await expect.poll(() => units.inputValue()).toBe('8');
    await units.fill('16');
    await units.press('Enter');
    const parameters = 4 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3;
    await expect.poll(() => figure(designer, 'parameter-count')).toBe(parameters);

    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => units.inputValue()).toBe('8');
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => designer.getByTestId('layer-hidden2').count()).toBe(0);
    await workbench.page.keyboard.press('Control+Shift+z');
    await workbench.page.keyboard.press('Control+Shift+z');
    await expect.poll(() => figure(designer, 'parameter-count')).toBe(parameters);
  });

  it('saves nothing but what was changed', async () => {
    expect(readFileSync(file, 'utf8')).toBe(original);
    await workbench.page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8')).not.toBe(original);
    const added = readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => !original.split('\n').includes(line));
    expect(added.map(line => JSON.parse(line.trim().replace(/,$/, '')) as unknown)).toEqual([
      { id: 'hidden2', type: 'dense', units: 16, activation: 'relu', initializer: 'heUniform' },
    ]);
    expect(readFileSync(file, 'utf8').replace(`${added[0] ?? ''}\n`, '')).toBe(original);
  });

  it('trains from the palette: the loss falls and the network generalizes', async () => {
    await workbench.runCommand('MLP Studio: Train');
    training = await workbench.view('training');
    await expect
      .poll(() => training.getByTestId('end-reason').getAttribute('data-value'), { timeout: 60_000 })
      .toBe('completed');
    expect(await figure(training, 'epoch')).toBe(100);
    expect(await figure(training, 'validation-accuracy')).toBeGreaterThanOrEqual(0.93);
    const summary = await training.getByTestId('loss-chart').locator('canvas').getAttribute('aria-label');
    const [, first = NaN, last = NaN] = (
      /from ([\d.]+) at epoch 0 to ([\d.]+) at epoch 100/.exec(summary ?? '') ?? []
    ).map(Number);
    expect(last).toBeLessThan(first / 5);
  });

  it('shows the very numbers of the command line', async () => {
    const metrics = trainOnCommandLine(file).filter(event => event.event === 'metrics');
    const last = metrics.at(-1);
    expect(metrics).toHaveLength(101);
    expect({
      trainLoss: await figure(training, 'train-loss'),
      validationLoss: await figure(training, 'validation-loss'),
      trainAccuracy: await figure(training, 'train-accuracy'),
      validationAccuracy: await figure(training, 'validation-accuracy'),
    }).toEqual({
      trainLoss: last?.trainLoss,
      validationLoss: last?.validationLoss,
      trainAccuracy: last?.trainAccuracy,
      validationAccuracy: last?.validationAccuracy,
    });
  });

  it('shows how strongly each layer learns, and leads from there to the layer', async () => {
    const gradients = await workbench.openGradients();
    await expect.poll(() => gradients.getByTestId('gradient-row').count()).toBe(3);
    for (const norm of await gradients.getByTestId('gradient-norm').all())
      expect(Number(await norm.getAttribute('data-value'))).toBeGreaterThan(0);
    await gradients.locator('[data-layer-id="output"]').click();
    await expect.poll(() => designer.getByTestId('layer-output').getAttribute('aria-selected')).toBe('true');
  });

  it('follows a long training live and stops it', async () => {
    await designer.getByTestId('loss-card').click();
    const epochs = designer.getByTestId('inspector-epochs').locator('input');
    await epochs.fill('1000000');
    await epochs.press('Enter');
    await workbench.runCommand('MLP Studio: Train');
    await workbench.page
      .locator('.statusbar')
      .getByText(/epoch \d+\/1000000 · /)
      .waitFor();
    const gradients = await workbench.view('gradients');
    const stepOf = async () =>
      Number(/step ([\d,]+)/.exec(await gradients.locator('.run').innerText())?.[1]?.replaceAll(',', ''));
    await expect.poll(stepOf).toBeGreaterThan(0);
    const step = await stepOf();
    await expect.poll(stepOf).toBeGreaterThan(step);
    await workbench.runCommand('MLP Studio: Stop Training');
    training = await workbench.view('training');
    await expect.poll(() => training.getByTestId('end-reason').getAttribute('data-value')).toBe('stopped');
    await workbench.page
      .locator('.statusbar')
      .getByText(/epoch \d/)
      .waitFor({ state: 'hidden' });
  });
});
