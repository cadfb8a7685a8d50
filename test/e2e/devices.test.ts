import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Workbench } from './support/workbench.ts';

describe('what computes', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open();
    const file = path.join(workbench.folder, 'two-moons.mlp.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...json, backend: 'gpu' }, undefined, 2));
    await workbench.openFromExplorer('two-moons.mlp.json');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('trains a model that asks for a GPU where there is none, and says so', async () => {
    const { page } = workbench;
    const designer = await workbench.view('designer');
    await designer.getByTestId('train-button').click();
    // The tab that looks for a device in the browser comes and goes, and the panel is a fresh page after it.
    await expect
      .poll(
        async () => {
          const training = await workbench.view('training');
          return training
            .getByText(/A GPU was asked for/)
            .count()
            .catch(() => 0);
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    const item = page.locator('.statusbar-item', { hasText: 'CPU' });
    await item.waitFor();
    expect(await item.innerText()).not.toContain('GPU');
    await workbench.screenshot('training without a GPU');
  });

  it('shows what was tried and why it lost, and lets one choose', async () => {
    const { page } = workbench;
    await workbench.runCommand('MLP Studio: Show Devices');
    const list = page.locator('.quick-input-widget');
    await list.getByText('Tried').waitFor();
    expect(await list.innerText()).toMatch(/WebGPU/);
    expect(await list.innerText()).toMatch(/headless-gl/);
    expect(await list.innerText()).toMatch(/WebGL 2 of a view/);
    await workbench.screenshot('devices');
    await list.getByText('CPU', { exact: true }).click();
    await workbench.runCommand('MLP Studio: Show Devices');
    await list.locator('.codicon-check').waitFor();
    await page.keyboard.press('Escape');
  });

  it('a comparison of that model says that it computes on the CPU all the same, and why', async () => {
    await workbench.runCommand('MLP Studio: Compare Optimizers');
    const comparison = await workbench.view('comparison');
    const chip = comparison.getByTestId('computes');
    expect((await chip.innerText()).trim()).toBe('CPU, not the GPU');
    expect(await chip.getAttribute('title')).toMatch(/^A GPU was asked for\. Runs side by side compute on the CPU/);
    await workbench.screenshot('a comparison on the CPU');
  });
});
