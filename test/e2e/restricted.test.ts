import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

describe('in Restricted Mode', () => {
  let workbench: Workbench;
  const reason = 'Training is off in Restricted Mode. Trust this workspace to train.';

  beforeAll(async () => {
    workbench = await Workbench.open({ restricted: true });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('a model is drawn and edited, and not trained', async () => {
    await workbench.openFromExplorer('iris.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('layer-output').click();
    await workbench.runCommand('MLP Studio: Train');
    await workbench.notification(reason);
    expect(trainingProcesses()).toEqual([]);
  });

  it.each([
    ['Compare Optimizers', 'comparison'],
    ['Sweep', 'sweep'],
  ] as const)('%s says why it cannot run, and starts nothing', async (command, name) => {
    await workbench.page.locator('.tab', { hasText: 'iris.mlp.json' }).first().click();
    await workbench.runCommand(`MLP Studio: ${command}`);
    const view = await workbench.view(name);
    const run = view.getByTestId('run-button');
    await run.waitFor();
    expect(await view.getByRole('alert').innerText()).toBe(reason);
    expect(await run.getAttribute('disabled')).not.toBeNull();
    await workbench.screenshot(`${name} restricted`);
  });

  it('the optimizer lab races over surfaces, and reads no model’s data', async () => {
    await workbench.page.locator('.tab', { hasText: 'iris.mlp.json' }).first().click();
    await workbench.runCommand('MLP Studio: Open Optimizer Lab');
    const lab = await workbench.view('lab');
    await lab.getByTestId('contour').waitFor();
    await lab.getByTestId('mode-network').click();
    await lab.getByTestId('explore-button').click();
    const status = lab.getByTestId('network-status');
    await expect.poll(() => status.innerText()).toContain('Training is off in Restricted Mode');
    await workbench.screenshot('lab restricted');
  });

  it('no step is explained, and nothing has been written', async () => {
    await workbench.page.locator('.tab', { hasText: 'iris.mlp.json' }).first().click();
    await workbench.runCommand('MLP Studio: Explain Step');
    await workbench.notification('Explaining a step reads data, which is off in Restricted Mode');
    expect(existsSync(path.join(workbench.folder, '.mlp-runs'))).toBe(false);
  });
});
