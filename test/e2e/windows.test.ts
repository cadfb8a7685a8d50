import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

const long = readFileSync(path.join(root, 'examples/spiral.mlp.json'), 'utf8')
  .replace(/"epochs": \d+/, '"epochs": 1000000')
  .replace(/"name": "[^"]*"/, '"name": "Long"');

describe('two windows on one folder', () => {
  let first: Workbench;
  let second: Workbench;

  beforeAll(async () => {
    first = await Workbench.open({ files: { 'long.mlp.json': long } });
    second = await first.anotherWindow();
  });
  afterAll(() => first.close());
  beforeEach(() => {
    first.watch();
    second.watch();
  });

  const runs = () => path.join(first.folder, '.mlp-runs/Long');
  const status = (name: string) =>
    (JSON.parse(readFileSync(path.join(runs(), name, 'run.json'), 'utf8')) as { readonly status: string }).status;
  const item = (window: Workbench, name: RegExp) =>
    window.page.locator('.pane-body').getByRole('treeitem', { name }).first();

  it('list the same run, and only one of them owns it', async () => {
    await first.page.bringToFront();
    await first.openFromExplorer('long.mlp.json');
    await first.view('designer');
    await first.runCommand('MLP Studio: Train');
    await (await first.view('training')).getByTestId('loss-chart').waitFor();
    await second.page.bringToFront();
    await second.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    await item(second, /, running, adam/).click();
    const training = await second.view('training');
    await training.getByTestId('loss-chart').waitFor();
    await training.getByText(/This run goes on in another process \(\d+ on .+\) and is followed here/).waitFor();
    const epoch = async () => Number(await training.getByTestId('epoch').getAttribute('data-value'));
    const seen = await epoch();
    await expect.poll(epoch).toBeGreaterThan(seen);
    await second.screenshot('run of another window');
    // What only its owner can do is not offered here.
    expect(await training.getByTestId('stop-button').isDisabled()).toBe(true);
    expect(await training.getByTestId('resume-run-button').count()).toBe(0);
    const [name = ''] = readdirSync(runs());
    expect(status(name)).toBe('running');
    await expect.poll(() => trainingProcesses().length).toBe(1);
  });

  it('train the same model at the same time, each in a folder of its own', async () => {
    await second.runCommand('View: Close All Editors');
    await second.runCommand('View: Show Explorer');
    await second.openFromExplorer('long.mlp.json');
    await second.view('designer');
    await second.runCommand('MLP Studio: Train');
    await expect.poll(() => trainingProcesses().length).toBe(2);
    await expect.poll(() => readdirSync(runs()).length).toBe(2);
    await (await second.view('training')).locator('[data-testid="loss-chart"]').waitFor();
    await second.runCommand('MLP Studio: Stop Training');
    await expect.poll(() => trainingProcesses().length).toBe(1);
    await expect.poll(() => readdirSync(runs()).map(status).sort()).toEqual(['running', 'stopped']);
  });

  it('watch the same comparison: the one does it, the other follows', async () => {
    await first.page.bringToFront();
    await (await first.view('training')).getByTestId('stop-button').click();
    await expect.poll(() => trainingProcesses()).toEqual([]);
    await first.runCommand('View: Show Explorer');
    await first.openFromExplorer('long.mlp.json');
    await first.runCommand('MLP Studio: Compare Optimizers');
    const own = await first.view('comparison');
    await own.getByTestId('run-button').click();
    await own.getByTestId('comparison-chart').waitFor();
    await second.page.bringToFront();
    await second.runCommand('MLP Studio: Compare Optimizers');
    const other = await second.view('comparison');
    await other.getByText('At work in another process: 0 of 21 runs').waitFor();
    expect(await other.getByTestId('resume-button').count()).toBe(0);
    await second.screenshot('comparison of another window');
    await first.page.bringToFront();
    await own.getByTestId('stop-button').click();
    await second.page.bringToFront();
    await other.getByText('Stopped: 0 of 21 runs').waitFor();
    expect(await other.getByTestId('resume-button').count()).toBe(1);
  });

  it('go on with a run whose window has gone', async () => {
    await first.page.bringToFront();
    await first.runCommand('MLP Studio: Train');
    await expect.poll(() => trainingProcesses().length).toBe(1);
    await expect
      .poll(() =>
        readdirSync(runs())
          .filter(name => !name.endsWith('-compare'))
          .map(status),
      )
      .toContain('running');
    await second.page.bringToFront();
    await second.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    await item(second, /, running, adam/).waitFor();
    await first.closeWindow();
    await expect.poll(() => trainingProcesses()).toEqual([]);
    await item(second, /, interrupted, adam/).click();
    const training = await second.view('training');
    await training.getByTestId('interrupted').waitFor();
    await second.screenshot('run interrupted');
    await item(second, /, interrupted, adam/).hover();
    await item(second, /, interrupted, adam/)
      .getByRole('button', { name: 'Resume Run' })
      .click();
    await item(second, /, running, adam/).waitFor();
    expect(trainingProcesses()).toHaveLength(1);
    await second.runCommand('MLP Studio: Stop Training');
    await expect.poll(() => trainingProcesses()).toEqual([]);
  });
});
