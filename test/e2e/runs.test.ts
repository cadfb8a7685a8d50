import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainOnCommandLine } from './support/commandLine.ts';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

/** Long enough to be cut off, short enough to wait for. */
const model = {
  version: 1,
  name: 'Long',
  data: { source: { kind: 'generator', name: 'moons', samples: 300, noise: 0.15 }, split: { validation: 0.2 } },
  layers: [
    { id: 'hidden1', type: 'dense', units: 24, activation: 'tanh' },
    { id: 'drop1', type: 'dropout', rate: 0.1 },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'adam', learningRate: 0.005 },
  training: { epochs: 15_000, batchSize: 16 },
  backend: 'reference',
};

describe('runs', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'long.mlp.json': JSON.stringify(model, null, 2) } });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  const runFolders = (name: string) => {
    const folder = path.join(workbench.folder, '.mlp-runs', name);
    return readdirSync(folder).map(entry => path.join(folder, entry));
  };
  const weightsOf = (folder: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, 'final.safetensors')))
      .digest('hex');
  const record = (folder: string) =>
    JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as { readonly status: string };

  it('are drawn with what the network answers, live', async () => {
    await workbench.openFromExplorer('long.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await training.getByTestId('boundary').waitFor();
    await training.getByTestId('confusion').waitFor();
    await workbench.screenshot('training live');
    expect(await training.getByTestId('boundary').getAttribute('aria-label')).toMatch(
      /Decision boundary: class 0 on \d+%, class 1 on \d+% of the plane/,
    );
  });

  it('that are paused, and killed later, go on and end bit for bit as the unbroken one', async () => {
    const training = await workbench.view('training');
    await training.getByTestId('pause-button').click();
    await training.getByTestId('step-button').click();
    await training.getByTestId('step-button').click();
    const [folder = ''] = runFolders('Long');
    await expect.poll(() => readdirSync(folder).some(name => name.startsWith('checkpoint-'))).toBe(true);
    await training.getByTestId('resume-button').click();
    await training.getByTestId('pause-button').waitFor();
    const [pid = 0] = trainingProcesses();
    process.kill(pid, 'SIGKILL');
    await training.locator('[data-testid="end-reason"][data-value="failed"]').waitFor();
    await workbench.screenshot('training killed');
    await training.getByTestId('resume-run-button').click();
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor({ timeout: 120_000 });
    expect(record(folder).status).toBe('completed');

    const unbroken = path.join(workbench.folder, 'unbroken');
    trainOnCommandLine(path.join(workbench.folder, 'long.mlp.json'), '--run-dir', unbroken);
    expect(weightsOf(folder)).toBe(weightsOf(unbroken));
  });

  it('are listed, and shown again after the window was reloaded', async () => {
    await workbench.page.reload();
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor();
    const training = await workbench.view('training');
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor();
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    const item = workbench.page.locator('.pane-body').getByRole('treeitem', { name: /completed, adam 0.005/ });
    await item.waitFor();
    await workbench.screenshot('runs tree');
    const gradients = await workbench.view('gradients');
    const scrubber = gradients.getByTestId('scrubber');
    await scrubber.fill('0');
    await expect.poll(() => scrubber.getAttribute('aria-valuetext')).toBe('step 15');
    expect(await gradients.getByTestId('gradient-row').count()).toBe(2);
    await workbench.screenshot('gradients of a stored run');
  });

  it('can be forked with another learning rate, the original drawn behind it', async () => {
    const item = workbench.page.locator('.pane-body').getByRole('treeitem', { name: /completed, adam 0.005/ });
    await item.getByRole('checkbox').click();
    await item.hover();
    await item.getByRole('button', { name: 'Fork Run…' }).click();
    const picker = workbench.page.locator('.quick-input-widget');
    const steps = picker.getByRole('option', { name: /^Step/ });
    await picker.getByRole('option').first().waitFor();
    if ((await steps.count()) > 0) await steps.last().click();
    await picker.getByRole('option', { name: /another learning rate/ }).click();
    await picker.locator('input').fill('0.001');
    await workbench.page.keyboard.press('Enter');
    const training = await workbench.view('training');
    await expect.poll(() => runFolders('Long').length).toBe(2);
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor({ timeout: 120_000 });
    await workbench.screenshot('training fork');
  });
});
