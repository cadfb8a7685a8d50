import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

const long = readFileSync(path.join(root, 'examples/spiral.mlp.json'), 'utf8')
  .replace(/"epochs": \d+/, '"epochs": 1000000')
  .replace(/"name": "[^"]*"/, '"name": "Long"');

describe('the lab around trained and training networks', () => {
  let workbench: Workbench;
  let lab: Frame;
  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'long.mlp.json': long } });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  const racers = () => lab.getByTestId('racer');
  const names = () => lab.locator('[data-testid=racer] .name').allTextContents();
  const value = async (at: Locator) => Number(await at.getByTestId('racer-value').getAttribute('data-value'));
  const origin = () => lab.getByTestId('origin').evaluate((element: HTMLSelectElement) => element.value);
  const points = async () => Number(await lab.getByTestId('step-slider').getAttribute('max'));
  const status = () => lab.getByTestId('network-status').textContent();
  const epoch = async () => Number(/^Training: epoch (\d+) of 1000000$/.exec((await status()) ?? '')?.[1]);
  const tab = (name: string) => workbench.page.locator('.tab', { hasText: name });

  it('look around the latest run of the model: its way, and its weights in the middle', async () => {
    await workbench.openFromExplorer('two-moons.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('train-button').click();
    const training = await workbench.view('training');
    await training.getByText('Completed').first().waitFor();
    await tab('two-moons').first().click();
    await workbench.runCommand('MLP Studio: Show Loss Surface');
    lab = await workbench.view('lab');
    await expect.poll(origin).toMatch(/^Run \d/);
    await lab.getByText(/of their movement \(squared distance\) lies off it/).waitFor();
    await lab.getByTestId('explore-button').waitFor();
    expect((await names()).at(-1)).toMatch(/^Run \d/);
    expect(await value(racers().last())).toBeLessThan(0.2);
    expect(await points()).toBeGreaterThanOrEqual(1);
    await workbench.screenshot('lab around a run');
  });

  it('let optimizers train on from its weights', async () => {
    const field = lab.getByTestId('further-epochs').locator('input');
    await field.fill('20');
    await field.press('Enter');
    await lab.getByTestId('explore-button').click();
    await lab.getByText(/of their movement \(squared distance\) lies off it/).waitFor();
    await lab.getByTestId('explore-button').waitFor();
    await lab.getByTestId('step-slider').fill('0');
    const run = await value(racers().last());
    expect(run).toBeGreaterThan(await value(racers().first()));
    await workbench.screenshot('lab onwards from a run');
  });

  it('follow a training while it runs, also while nobody looks, and to its end', async () => {
    await workbench.openFromExplorer('long.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('train-button').click();
    await workbench.view('training');
    await tab('long.mlp.json').click();
    await workbench.runCommand('MLP Studio: Open Optimizer Lab');
    lab = await workbench.view('lab');
    await expect.poll(origin).toBe('Training that runs');
    await expect.poll(points).toBeGreaterThan(3);
    const seen = await epoch();
    expect(seen).toBeGreaterThan(0);
    await workbench.screenshot('lab follows a training');
    await tab('long.mlp.json').click();
    await tab('Optimizer Lab').click();
    lab = await workbench.view('lab');
    await expect.poll(epoch).toBeGreaterThan(seen);
    await expect.poll(points).toBeGreaterThan(3);
    await workbench.runCommand('MLP Studio: Stop Training');
    await lab.getByTestId('explore-button').waitFor({ timeout: 60_000 });
    await expect.poll(origin).toMatch(/^Run \d/);
    expect(await names()).toHaveLength(1);
  });

  it('draw the ways of all optimizers while a comparison runs', async () => {
    await tab('long.mlp.json').click();
    await workbench.runCommand('MLP Studio: Compare Optimizers');
    const comparison = await workbench.view('comparison');
    await comparison.getByTestId('run-button').click();
    await tab('Optimizer Lab').click();
    lab = await workbench.view('lab');
    await expect.poll(origin).toBe('Comparison that runs');
    await lab.getByTestId('explore-button').click();
    await expect.poll(() => racers().count()).toBe(7);
    await expect.poll(points).toBeGreaterThan(3);
    await workbench.screenshot('lab follows a comparison');
    expect(await names()).toContain('Gradient descent');
    const losses = await Promise.all((await racers().all()).map(value));
    expect(losses.filter(loss => loss > 0).length).toBeGreaterThan(1);
    await tab('Compare long').click();
    await (await workbench.view('comparison')).getByTestId('stop-button').click();
    await tab('Optimizer Lab').click();
    lab = await workbench.view('lab');
    await lab.getByTestId('explore-button').waitFor();
    await expect.poll(() => racers().count()).toBe(7);
  });

  it('come back as they were set up when the window is reloaded', async () => {
    await lab.getByTestId('mode-surface').click();
    await lab.getByTestId('surface-choice').click();
    await lab.getByTestId('surface-choice').getByRole('option', { name: 'Formula…', exact: true }).click();
    const formula = lab.getByTestId('formula').locator('input');
    await formula.fill('x^2 + 3 y^2');
    await formula.press('Enter');
    const stop = lab.getByTestId('stop-gradient').locator('input');
    await stop.fill('0.01');
    await stop.press('Enter');
    await racers().nth(2).getByRole('button').first().click();
    await workbench.runCommand('Developer: Reload Window');
    await workbench.page.waitForLoadState('domcontentloaded');
    lab = await workbench.view('lab');
    await lab.getByTestId('formula').waitFor();
    expect(await lab.getByTestId('formula').locator('input').inputValue()).toBe('x^2 + 3 y^2');
    expect(await lab.getByTestId('stop-gradient').locator('input').inputValue()).toBe('0.01');
    expect(await racers().nth(2).getAttribute('class')).toContain('sel');
    await lab.getByTestId('mode-network').click();
    await expect.poll(() => lab.getByTestId('choose-model').textContent()).toContain('long');
  });

  it('leave no process behind', async () => {
    await workbench.runCommand('View: Close All Editors');
    await expect.poll(() => trainingProcesses()).toEqual([]);
  });
});
