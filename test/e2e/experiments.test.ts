import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { experimentRecordSchema } from '../../engine/protocol/experiment.ts';
import { runOnCommandLine, trainOnCommandLine } from './support/commandLine.ts';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

/** Long enough to be cut off, short enough to wait for. */
const model = {
  version: 1,
  name: 'Race',
  data: { source: { kind: 'generator', name: 'moons', samples: 300, noise: 0.15 }, split: { validation: 0.2 } },
  layers: [
    { id: 'hidden1', type: 'dense', units: 24, activation: 'tanh' },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'adam', learningRate: 0.005 },
  training: { epochs: 40_000, batchSize: 16 },
  backend: 'reference',
};

describe('comparisons among the runs', () => {
  let workbench: Workbench;
  let view: Frame;
  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'race.mlp.json': JSON.stringify(model, null, 2) } });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  const kept = () => path.join(workbench.folder, '.mlp-runs/Race');
  const folder = () => path.join(kept(), readdirSync(kept())[0] ?? '');
  const record = () =>
    experimentRecordSchema.parse(JSON.parse(readFileSync(path.join(folder(), 'comparison.json'), 'utf8')));
  /** The bytes of the weights; the header before them names the model, which a comparison writes in another way. */
  const weightsOf = (run: string) => {
    const file = readFileSync(path.join(run, 'final.safetensors'));
    return createHash('sha256')
      .update(file.subarray(8 + Number(file.readBigUInt64LE(0))))
      .digest('hex');
  };
  const status = () => view.getByTestId('status');
  const item = (name: RegExp) => workbench.page.locator('.pane-body').getByRole('treeitem', { name });
  const comparison = () => item(/^Comparison/);

  /** An entry of the sweep's menu; one that has just opened takes no click yet. */
  async function choose(name: string): Promise<void> {
    await item(/^Sweep/).click({ button: 'right' });
    await workbench.page.getByRole('menuitem', { name }).hover();
    await workbench.page.keyboard.press('Enter');
  }

  it('are listed while they run, with their progress and their runs', async () => {
    await workbench.openFromExplorer('race.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Compare Optimizers');
    view = await workbench.view('comparison');
    for (const name of ['gradientDescent', 'stochastic', 'minibatch', 'momentum', 'rmsprop'])
      await view.getByTestId(`contestant-${name}`).locator('vscode-checkbox').click();
    const seeds = view.getByTestId('seeds').locator('input');
    await seeds.fill('1');
    await seeds.press('Enter');
    await view.getByTestId('run-button').click();
    await view.getByTestId('comparison-chart').waitFor();
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    await comparison().waitFor();
    expect(await comparison().getAttribute('aria-label')).toMatch(/running, 0 of 2 runs/);
    await comparison().locator('.monaco-tl-twistie').click();
    await item(/^adam, seed 42, running/).waitFor();
    await workbench.screenshot('runs tree with a comparison');
  });

  it('say which process does not respond', async () => {
    const [pid = 0] = trainingProcesses();
    process.kill(pid, 'SIGSTOP');
    await view.getByTestId('silent').waitFor();
    expect(await view.getByTestId('silent').innerText()).toMatch(/not responding: (adam|adagrad), seed 42$/);
    process.kill(pid, 'SIGCONT');
    await view.getByTestId('silent').waitFor({ state: 'detached' });
  });

  it('end with the window, are listed as interrupted, and leave no process', async () => {
    await expect
      .poll(() => readdirSync(path.join(folder(), 'adam-42')).some(name => name.startsWith('checkpoint-')), {
        timeout: 20_000,
      })
      .toBe(true);
    await workbench.page.reload();
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').waitFor();
    await expect.poll(() => trainingProcesses(), { timeout: 5000 }).toEqual([]);
    await item(/^Comparison.*interrupted, [01] of 2 runs/).waitFor();
    view = await workbench.view('comparison');
    await expect.poll(() => status().innerText()).toMatch(/Interrupted: [01] of 2 runs/);
    await workbench.screenshot('comparison interrupted');
  });

  it('go on where they were cut off, and end bit for bit as unbroken runs', async () => {
    await view.getByTestId('resume-button').click();
    await expect.poll(() => status().getAttribute('data-done'), { timeout: 120_000 }).toBe('2');
    await expect.poll(() => status().getAttribute('data-phase')).toBe('idle');
    expect(record().status).toBe('completed');
    await item(/^Comparison.*completed, 2 of 2 runs/).waitFor();
    const unbroken = path.join(workbench.folder, 'unbroken');
    trainOnCommandLine(path.join(workbench.folder, 'race.mlp.json'), '--run-dir', unbroken);
    expect(weightsOf(path.join(folder(), 'adam-42'))).toBe(weightsOf(unbroken));
  });

  it('follow their model when its file gets another name, in the panel, in the list and over a reload', async () => {
    await workbench.runCommand('View: Show Explorer');
    await workbench.page.locator('.explorer-folders-view').getByRole('treeitem', { name: 'race.mlp.json' }).click();
    await workbench.page.keyboard.press('F2');
    await workbench.page.locator('.explorer-folders-view input').fill('sprint.mlp.json');
    await workbench.page.keyboard.press('Enter');
    const tab = workbench.page.locator('.tab', { hasText: 'Compare sprint' });
    await tab.waitFor();
    await expect.poll(() => record().modelPath).toBe(path.join(workbench.folder, 'sprint.mlp.json'));
    await workbench.page.reload();
    // A tab behind another has no page, and no other name, until it is looked at.
    await workbench.page.locator('.tab', { hasText: /Compare (race|sprint)/ }).click();
    await tab.waitFor();
    view = await workbench.view('comparison');
    await expect.poll(() => status().getAttribute('data-done')).toBe('2');
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    await item(/^sprint/)
      .first()
      .waitFor();
    await comparison().locator('.monaco-tl-twistie').click();
    await item(/^adam, seed 42/).click();
    const training = await workbench.view('training');
    await training.getByTestId('loss-chart').waitFor();
    await workbench.page.locator('.tab', { hasText: 'Training sprint' }).waitFor();
  });

  it('follow their model when a command elsewhere gives its file another name', async () => {
    const [before, after] = ['sprint', 'dash'].map(name => path.join(workbench.folder, `${name}.mlp.json`));
    renameSync(before ?? '', after ?? '');
    await workbench.page.locator('.tab', { hasText: 'Training dash' }).waitFor();
    await workbench.page.locator('.tab', { hasText: 'Compare dash' }).waitFor();
    await expect.poll(() => record().modelPath).toBe(after);
    await item(/^dash/).first().waitFor();
    expect(await item(/^sprint/).count()).toBe(0);
  });

  it('of the command line are listed as well, shown by a click, and take a note', async () => {
    const file = path.join(workbench.folder, 'xor.mlp.json');
    runOnCommandLine('compare', file, '--optimizers', 'adam,lion', '--epochs', '5', '--json');
    runOnCommandLine('train', file, '--sweep', 'optimizer.learningRate=0.1,0.2', '--epochs', '5', '--json');
    await item(/^Sweep.*completed, 2 of 2 runs/).waitFor();
    expect(await comparison().count()).toBe(2);
    await item(/^Sweep/).click();
    const sweep = await workbench.view('sweep');
    await expect.poll(() => sweep.getByTestId('result-row').count()).toBe(2);
    await choose('Write Note on Run');
    const note = workbench.page.locator('.quick-input-widget input').first();
    await note.fill('two rates');
    await note.press('Enter');
    await item(/^Sweep.*two rates/).waitFor();
    await workbench.screenshot('runs tree with a sweep');
  });

  it('are deleted with all their runs', async () => {
    const runs = path.join(workbench.folder, '.mlp-runs/XOR');
    const sweep = path.join(runs, readdirSync(runs).find(name => name.endsWith('-sweep')) ?? '');
    expect(existsSync(path.join(sweep, 'sweep.json'))).toBe(true);
    await choose('Delete Run');
    const question = await workbench.notification('Move to the trash: Sweep');
    await question.getByRole('button', { name: 'Move to Trash' }).click();
    const final = await workbench.notification('There is no trash here');
    await final.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => existsSync(sweep)).toBe(false);
    await item(/^Sweep/).waitFor({ state: 'detached' });
  });
});
