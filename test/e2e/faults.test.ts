import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

const example = (name: string) => readFileSync(path.join(root, 'examples', `${name}.mlp.json`), 'utf8');
const xor = example('xor');

describe('when something goes wrong', () => {
  let workbench: Workbench;
  const write = (name: string, text: string) => writeFileSync(path.join(workbench.folder, name), text);

  beforeAll(async () => {
    workbench = await Workbench.open({
      files: {
        'broken.mlp.json': xor.replace('"loss":', '"loss" ;'),
        'misfit.mlp.json': xor.replace(/("id": "output"[^}]*"units": )1/, '$14'),
        'long.mlp.json': example('spiral').replace(/"epochs": \d+/, '"epochs": 1000000'),
      },
    });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('a broken file says where it is broken, opens as text there, and starts nothing', async () => {
    const line = xor.slice(0, xor.indexOf('"loss":')).split('\n').length;
    await workbench.openFromExplorer('broken.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('stale-banner').getByText(`broken.mlp.json:${line}:`).waitFor();

    await workbench.runCommand('MLP Studio: Train');
    const notice = await workbench.notification(new RegExp(`broken\\.mlp\\.json:${line}:\\d+`));
    expect(trainingProcesses()).toEqual([]);
    await notice.getByRole('button', { name: 'Open as Text' }).click();
    await workbench.page
      .locator('.statusbar')
      .getByText(new RegExp(`Ln ${line}, Col`))
      .waitFor();
    expect(trainingProcesses()).toEqual([]);
  });

  it('a model that the data do not fit is drawn, with the problem on its layer and a fix beside it', async () => {
    await workbench.openFromExplorer('misfit.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('layer-output').click();
    const problem = designer.locator('.inspector').getByTestId('problem');
    expect(await problem.innerText()).toContain('gives 4 outputs');
    await problem.getByRole('button', { name: 'Set units to 1' }).click();
    await expect.poll(() => designer.getByTestId('problems-count').getAttribute('data-value')).toBe('0');
    await workbench.page.keyboard.press('Control+s');
  });

  it('a change on disk is drawn at once, and an unreadable one greys the last picture', async () => {
    await workbench.openFromExplorer('circles.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('layer-output').waitFor();
    const text = readFileSync(path.join(workbench.folder, 'circles.mlp.json'), 'utf8');
    write('circles.mlp.json', text.replace('"output"', '"decision"'));
    await designer.getByTestId('layer-decision').waitFor();
    write('circles.mlp.json', text.replace('"layers"', '"lay'));
    await designer.getByTestId('stale-banner').waitFor();
    expect(await designer.getByTestId('layer-decision').count()).toBe(1);
    write('circles.mlp.json', text);
    await designer.getByTestId('stale-banner').waitFor({ state: 'detached' });
  });

  it('a killed trainer is reported, keeps its curves, and can be started again', async () => {
    await workbench.openFromExplorer('long.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await expect
      .poll(async () => Number(await training.getByTestId('epoch').getAttribute('data-value')))
      .toBeGreaterThan(0);
    await expect.poll(() => trainingProcesses().length).toBe(1);
    const [pid = 0] = trainingProcesses();
    process.kill(pid, 'SIGKILL');
    const notice = await workbench.notification('stopped unexpectedly');
    await expect.poll(() => training.getByTestId('end-reason').getAttribute('data-value')).toBe('failed');
    expect(await training.getByTestId('loss-chart').count()).toBe(1);

    await notice.getByRole('button', { name: 'Train Again' }).click();
    await expect.poll(() => training.getByTestId('end-reason').count()).toBe(0);
    await expect.poll(() => trainingProcesses().length).toBe(1);
    expect(trainingProcesses()).not.toContain(pid);
  });

  it('the learning rate of a running training is the one in its text', async () => {
    const training = await workbench.view('training');
    const rate = training.getByTestId('learning-rate').locator('input');
    await rate.fill('-1');
    await rate.press('Enter');
    await training.getByText('Must be a number above 0').waitFor();
    await rate.fill('0.005');
    await rate.press('Enter');
    await expect.poll(() => training.getByTestId('loss-chart').locator('canvas').count()).toBe(1);
    await expect.poll(() => rate.inputValue()).toBe('0.005');
    await workbench.runCommand('MLP Studio: Stop Training');
    await expect.poll(() => training.getByTestId('end-reason').getAttribute('data-value')).toBe('stopped');
    await workbench.page.locator('.tab', { hasText: 'long.mlp.json' }).first().click();
    await workbench.page.keyboard.press('Control+s');
    await expect
      .poll(() => readFileSync(path.join(workbench.folder, 'long.mlp.json'), 'utf8'))
      .toContain('"learningRate": 0.005');
    await expect.poll(() => trainingProcesses()).toEqual([]);
  });
});
