import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { npy } from '../engine/data/arrayFiles.ts';
import { Workbench } from './support/workbench.ts';

/** What TensorFlow Playground does in as many presses; `docs/DIRECTNESS.md` lists them all. */
describe('one press', () => {
  let workbench: Workbench;
  let designer: Frame;
  const file = () => path.join(workbench.folder, 'two-moons.mlp.json');
  const saved = async () => {
    await workbench.page.keyboard.press('Control+s');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await expect.poll(() => readFileSync(file(), 'utf8')).not.toBe('');
    return JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>;
  };
  const undo = async () => {
    await designer.locator('svg.network').focus();
    await workbench.page.keyboard.press('Control+z');
  };
  const problems = () => designer.getByTestId('problems-count').getAttribute('data-value');
  let original: string;

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFromExplorer('two-moons.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('layer-hidden1').waitFor();
    original = readFileSync(file(), 'utf8');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('takes another data set, and only its name changes in the text', async () => {
    await designer.getByTestId('data-set-spiral').click();
    await expect.poll(() => designer.getByTestId('data-set-spiral').getAttribute('aria-pressed')).toBe('true');
    await designer.getByTestId('data-card').locator('text', { hasText: 'Spiral' }).first().waitFor();
    await saved();
    expect(readFileSync(file(), 'utf8')).toBe(original.replace('"moons"', '"spiral"'));
    expect(await designer.locator('[aria-live]').innerText()).toBe('Data: Spiral.');
    await undo();
    await expect.poll(() => designer.getByTestId('data-set-moons').getAttribute('aria-pressed')).toBe('true');
  });

  it('takes data of another task, and loss and last layer follow; one undo gives all of it back', async () => {
    await designer.getByTestId('data-set-plane').click();
    await expect.poll(async () => (await saved())['loss']).toBe('meanSquaredError');
    expect((await saved())['layers']).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'output', units: 1, activation: 'identity' })]),
    );
    await expect.poll(problems).toBe('0');
    await workbench.screenshot('designer data sets');
    await undo();
    await expect.poll(async () => (await saved())['loss']).toBe('binaryCrossEntropy');
    expect(readFileSync(file(), 'utf8')).toBe(original);
  });

  it('gives the network a further input of the data, a product or a sine, and takes it away again', async () => {
    await designer.getByTestId('layer-hidden1').locator('.name').first().click();
    const source = async () => ((await saved())['data'] as { source: object }).source;
    await designer.getByTestId('feature-x1*x2').click();
    await designer.locator('svg.network').getByText('x1*x2', { exact: true }).waitFor();
    await expect.poll(source).toMatchObject({ features: ['x1', 'x2', 'x1*x2'] });
    expect(await designer.locator('[aria-live]').innerText()).toBe('Input x1*x2 added.');
    expect(await designer.getByTestId('feature-x1*x2').getAttribute('aria-pressed')).toBe('true');
    await designer.getByTestId('feature-sin(x2)').click();
    // What the diagnosis has found for the four inputs: their weights, and pictures in every node.
    await expect
      .poll(() => designer.getByTestId('weights-of').textContent())
      .toBe('First weights, of seed 42; not trained yet');
    await expect.poll(problems).toBe('0');
    await workbench.screenshot('designer further inputs');
    await undo();
    await expect.poll(source).toMatchObject({ features: ['x1', 'x2', 'x1*x2'] });
    // By keyboard it is the same press.
    await designer.getByTestId('feature-x1*x2').focus();
    await workbench.page.keyboard.press('Space');
    await expect.poll(source).not.toHaveProperty('features');
    expect(await designer.locator('[aria-live]').innerText()).toBe('Input x1*x2 removed.');
    expect(readFileSync(file(), 'utf8')).toBe(original);
    await designer.getByTestId('data-set-plane').click();
    await designer.getByTestId('data-card').locator('text', { hasText: 'Plane' }).first().waitFor();
    await undo();
  });

  it('changes noise, batch size and learning rate, whatever is selected', async () => {
    await designer.getByTestId('layer-hidden1').locator('.name').first().click();
    for (const [field, value] of [
      ['noise', '0.3'],
      ['batchSize', '8'],
      ['learningRate', '0.003'],
    ] as const) {
      const input = designer.getByTestId(`inspector-${field}`).locator('input');
      await input.fill(value);
      await input.press('Enter');
    }
    await expect.poll(saved).toMatchObject({
      data: { source: { noise: 0.3 } },
      training: { batchSize: 8 },
      optimizer: { learningRate: 0.003 },
    });
  });

  it('draws data and weights again', async () => {
    const { seed } = await saved();
    await designer.getByTestId('next-seed').click();
    await expect.poll(async () => (await saved())['seed']).toBe(Number(seed) + 1);
  });

  it('opens a list, and another sets the activation of all hidden layers', async () => {
    const activation = designer.getByTestId('inspector-all-activation');
    await activation.click();
    await activation.getByRole('option', { name: 'relu', exact: true }).click();
    const activations = async () =>
      ((await saved())['layers'] as { activation: string }[]).map(layer => layer.activation);
    await expect.poll(activations).toEqual(['relu', 'relu', 'sigmoid']);
    await undo();
    await expect.poll(activations).toEqual(['tanh', 'tanh', 'sigmoid']);
  });

  it('removes a layer at its corner, whatever is selected', async () => {
    await designer.getByTestId('layer-hidden2').hover();
    await designer.getByTestId('layer-hidden2').getByTestId('remove-column').click();
    await designer.getByTestId('layer-hidden2').waitFor({ state: 'detached' });
    expect(await designer.locator('[aria-live]').innerText()).toBe('Removed hidden2.');
    await expect.poll(problems).toBe('0');
    await undo();
    await designer.getByTestId('layer-hidden2').waitFor();
  });

  it('folds a section of the inspector, which stays so for another selection', async () => {
    const fold = () => designer.locator('.inspector').getByRole('button', { name: /^Training/ });
    await fold().click();
    await designer.getByTestId('loss-card').click();
    expect(await fold().getAttribute('aria-expanded')).toBe('false');
    await fold().click();
    await designer.getByTestId('inspector-epochs').waitFor();
  });

  it('leads to the comparison, the lab, the step explained and the gradients', async () => {
    for (const [command, view] of [
      ['compareOptimizers', 'comparison'],
      ['explainStep', 'explain'],
      ['gradients.focus', 'gradients'],
      ['openOptimizerLab', 'lab'],
    ] as const) {
      await designer.getByTestId(`toolbar-${command}`).click();
      await workbench.view(view);
      await workbench.page.locator('.tab', { hasText: 'two-moons.mlp.json' }).click();
      designer = await workbench.view('designer');
      await designer.getByTestId('layer-hidden1').waitFor();
    }
    await workbench.page.locator('.activitybar a[aria-label^="Explorer"]').click();
  });

  it('begins with one step and stands still, its weights in sight', async () => {
    await designer.getByTestId('step-button').click();
    await expect
      .poll(() => designer.getByTestId('pause-button').getAttribute('aria-label'))
      .toBe('Resume the training');
    await expect.poll(() => designer.getByTestId('weights-of').textContent()).toMatch(/^Step 1 /);
    await designer.getByTestId('step-button').click();
    await expect.poll(() => designer.getByTestId('weights-of').textContent()).toMatch(/^Step 2 /);
    await designer.getByTestId('stop-button').click();
    await designer.getByTestId('train-button').waitFor();
  });

  it('trains; another pauses, steps, goes on and stops, and a stopped run resumes from the menu', async () => {
    const epochs = designer.getByTestId('inspector-epochs').locator('input');
    await epochs.fill('1000000');
    await epochs.press('Enter');
    await designer.getByTestId('train-button').click();
    const back = async () => {
      await workbench.page.locator('.tab', { hasText: 'two-moons.mlp.json' }).click();
      designer = await workbench.view('designer');
    };
    const pause = () => designer.getByTestId('pause-button');
    const training = await workbench.view('training');
    const points = training.getByTestId('toggle-validation');
    await points.click();
    await expect.poll(() => points.getAttribute('aria-label')).toBe('Show the points of the validation split');
    await training.getByTestId('boundary').waitFor();
    await workbench.screenshot('training points of validation hidden');
    await back();
    await pause().click();
    await expect.poll(() => pause().getAttribute('aria-label')).toBe('Resume the training');
    await designer.getByTestId('step-button').click();
    await pause().click();
    await expect.poll(() => pause().getAttribute('aria-label')).toBe('Pause the training');
    await workbench.screenshot('designer toolbar running');
    await designer.getByTestId('restart-button').click();
    await workbench.view('training');
    await back();
    await pause().waitFor();
    await designer.getByTestId('stop-button').click();
    await designer.getByTestId('train-menu').click();
    await designer.locator('[role="menuitem"]:focus').waitFor();
    await workbench.page.keyboard.press('ArrowDown');
    expect(await designer.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('menu-resumeRun');
    await workbench.page.keyboard.press('Enter');
    await back();
    await pause().waitFor();
    await designer.getByTestId('stop-button').click();
    await designer.getByTestId('train-button').waitFor();
  });
});

describe('arrays', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open();
    const folder = path.join(workbench.folder, 'arrays');
    mkdirSync(folder);
    const rows = Array.from({ length: 90 }, (_, i) => i);
    writeFileSync(
      path.join(folder, 'x.npy'),
      npy(
        [90, 3],
        rows.flatMap(i => [i % 7, i % 5, i % 3]),
      ),
    );
    writeFileSync(
      path.join(folder, 'y.npy'),
      npy(
        [90],
        rows.map(i => i % 3),
        { type: 'i4' },
      ),
    );
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('become the data by the kind of data: two files, and the last layer and the loss fit their targets', async () => {
    await workbench.openFromExplorer('xor.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('data-card').click();
    await designer.getByTestId('inspector-source').getByText('Arrays').click();
    const widget = workbench.page.locator('.quick-input-widget');
    const give = async (name: string, other: Locator) => {
      await other.waitFor();
      await widget.getByRole('option').filter({ hasText: 'data' }).waitFor();
      await widget
        .locator('input')
        .first()
        .fill(path.join(workbench.folder, 'arrays', name));
      await widget.getByRole('option').filter({ hasText: name }).waitFor();
      await widget.locator('input').first().press('Enter');
    };
    await give('x.npy', widget.getByText('Arrays (NPY): Features'));
    await give('y.npy', widget.getByText('Arrays (NPY): Targets'));
    await designer.getByTestId('data-card').getByText('90', { exact: true }).waitFor();
    await expect.poll(() => designer.getByTestId('problems-count').getAttribute('data-value')).toBe('0');
    await workbench.page.keyboard.press('Control+s');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    expect(JSON.parse(readFileSync(path.join(workbench.folder, 'xor.mlp.json'), 'utf8'))).toMatchObject({
      data: { source: { kind: 'npy', features: 'arrays/x.npy', targets: 'arrays/y.npy' } },
      loss: 'crossEntropy',
    });
    expect(await designer.getByTestId('layer-output').getAttribute('aria-label')).toContain('3 units, softmax');
  });
});
