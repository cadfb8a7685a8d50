import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainOnCommandLine } from './support/commandLine.ts';
import { Workbench } from './support/workbench.ts';

const dense = (id: string, units: number, activation: string) => ({ id, type: 'dense', units, activation });

/** Twelve sigmoid layers: the gradient vanishes long before it reaches the first. */
const deep = {
  version: 1,
  name: 'Deep',
  data: { source: { kind: 'generator', name: 'moons', samples: 200 }, split: { validation: 0.25 } },
  layers: [
    ...Array.from({ length: 12 }, (_, i) => dense(`hidden${String(i + 1)}`, 8, 'sigmoid')),
    dense('output', 1, 'sigmoid'),
  ],
  loss: 'binaryCrossEntropy',
  optimizer: { type: 'adam', learningRate: 0.01 },
  training: { epochs: 150, batchSize: 16 },
  backend: 'reference',
};
const small = {
  ...deep,
  name: 'Small',
  layers: [dense('hidden1', 3, 'tanh'), dense('output', 1, 'sigmoid')],
  optimizer: { type: 'sgd', learningRate: 40 },
};

const figure = async (view: Frame, testId: string) =>
  Number(await view.getByTestId(testId).first().getAttribute('data-value'));

describe('gradients that vanish', () => {
  let workbench: Workbench;
  let designer: Frame;
  let gradients: Frame;
  let file: string;
  let original: string;
  beforeAll(async () => {
    workbench = await Workbench.open({
      files: {
        'deep.mlp.json': JSON.stringify(deep, undefined, 2),
        'small.mlp.json': JSON.stringify(small, undefined, 2),
      },
    });
    file = path.join(workbench.folder, 'deep.mlp.json');
    original = readFileSync(file, 'utf8');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('are named before the training, on the layer and with their remedies', async () => {
    await workbench.openFromExplorer('deep.mlp.json');
    designer = await workbench.view('designer');
    await expect.poll(() => figure(designer, 'problems-count'), { timeout: 20_000 }).toBe(1);
    await designer.getByTestId('problems-count').click();
    const problem = designer.locator('[data-testid="problem"][data-code="vanishing-gradient"]').first();
    await problem.getByText('Add residual connections').waitFor();
    expect(await problem.innerText()).toMatch(/gradient of "hidden1" is [\d,]+ times smaller/);
    await workbench.screenshot('diagnosis designer');
    await designer.getByTestId('problems-count').click();
  });

  it('have a verdict while it trains, and a row for each layer', async () => {
    await workbench.runCommand('MLP Studio: Train');
    gradients = await workbench.openGradients();
    await gradients.getByTestId('verdict').getByText('Vanishing gradient').waitFor();
    expect(await gradients.getByTestId('gradient-row').count()).toBe(13);
    expect(await gradients.locator('[data-layer-id="hidden1"]').getAttribute('data-verdict')).toBe('vanished');
    expect(await gradients.locator('[data-layer-id="output"]').getAttribute('data-verdict')).toBe('healthy');
    const training = await workbench.view('training');
    await expect
      .poll(() => training.getByTestId('end-reason').getAttribute('data-value'), { timeout: 60_000 })
      .toBe('completed');
    expect(await figure(training, 'validation-accuracy')).toBeLessThan(0.7);
    await training.getByTestId('alarm').waitFor();
  });

  it('show the numbers that the command line prints', async () => {
    const events = trainOnCommandLine(file).filter(event => event.event === 'gradients');
    for (const { layerId, weightGradientNorm, updateRatio } of events.at(-1)?.layers ?? []) {
      const row = gradients.locator(`[data-layer-id="${layerId}"]`);
      expect(Number(await row.getByTestId('gradient-norm').getAttribute('data-value'))).toBe(weightGradientNorm);
      expect(Number(await row.getByTestId('update-ratio').getAttribute('data-value'))).toBe(updateRatio);
    }
  });

  it('show the matrix of a layer entry by entry, by mouse and by keyboard', async () => {
    await gradients.locator('[data-layer-id="hidden3"]').click();
    await expect.poll(() => gradients.getByTestId('heat-map').locator('rect').count()).toBe(8 * 8 + 1);
    const map = gradients.locator('.map');
    await map.focus();
    const before = await figure(gradients, 'entry');
    await map.press('ArrowRight');
    await expect.poll(() => figure(gradients, 'entry')).not.toBe(before);
    await gradients.locator('[data-layer-id="hidden3"]').press('ArrowDown');
    await expect.poll(() => gradients.locator('[data-layer-id="hidden4"]').getAttribute('aria-selected')).toBe('true');
    await workbench.screenshot('gradients verdict');
  });

  it('select a layer in the designer, and the other way round', async () => {
    await workbench.page.locator('.tab', { hasText: 'deep.mlp.json' }).first().click();
    designer = await workbench.view('designer');
    await gradients.locator('[data-layer-id="hidden2"]').click();
    await expect.poll(() => designer.getByTestId('layer-hidden2').getAttribute('aria-selected')).toBe('true');
    await designer.getByTestId('layer-hidden5').click();
    await expect.poll(() => gradients.locator('[data-layer-id="hidden5"]').getAttribute('aria-selected')).toBe('true');
  });

  it('can be looked at over the whole run', async () => {
    const stepText = () => gradients.locator('.run').innerText();
    const last = await stepText();
    await gradients.getByTestId('scrubber').focus();
    await gradients.getByTestId('scrubber').press('Home');
    await expect.poll(stepText).not.toBe(last);
    await gradients.getByRole('button', { name: 'Follow the run' }).click();
    await expect.poll(stepText).toBe(last);
  });

  it('are mended by one button, in one undo step, and the network then learns', async () => {
    await gradients.getByTestId('remedy').click();
    await designer.getByTestId('layer-block1').waitFor();
    await designer.getByTestId('loss-card').click();
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => designer.getByTestId('layer-block1').count()).toBe(0);
    await workbench.page.keyboard.press('Control+s');
    expect(readFileSync(file, 'utf8')).toBe(original);
    await workbench.page.keyboard.press('Control+Shift+z');
    await designer.getByTestId('layer-block1').waitFor();
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    // The panel still shows the run before, which did not learn.
    await expect.poll(() => figure(training, 'validation-accuracy'), { timeout: 60_000 }).toBeGreaterThan(0.75);
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor({ timeout: 60_000 });
    expect(await figure(training, 'validation-accuracy')).toBeGreaterThan(0.75);
  });
});

describe('a step explained', () => {
  let workbench: Workbench;
  let designer: Frame;
  let explain: Frame;
  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'small.mlp.json': JSON.stringify(small, undefined, 2) } });
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('begins where the learning rate is beyond its limit, which the designer shows and mends', async () => {
    await workbench.openFromExplorer('small.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('loss-card').click();
    await designer.getByTestId('stability').waitFor();
    expect(Number(await designer.getByTestId('stability').getAttribute('data-limit'))).toBeLessThan(40);
    await workbench.screenshot('stability gauge');
    await designer.getByTestId('problems-count').click();
    await designer
      .locator('[data-testid="problem"][data-code="learning-rate"]')
      .first()
      .getByText(/Set the learning rate to/)
      .click();
    await expect.poll(() => figure(designer, 'problems-count')).toBe(0);
    await designer.getByTestId('problems-count').click();
  });

  it('works on a model that was never trained, and shows every operation of it', async () => {
    await workbench.runCommand('MLP Studio: Explain Step');
    explain = await workbench.view('explain');
    await explain.getByTestId('operation').first().waitFor();
    const kinds = await explain
      .getByTestId('operation')
      .evaluateAll(all => all.map(each => each.getAttribute('data-kind')));
    expect(kinds.toSorted()).toEqual(
      [
        ...['dense', 'activation', 'dense', 'activation', 'loss', 'lossGradient'],
        ...['weightGradient', 'biasGradient', 'inputGradient', 'activationGradient', 'weightGradient', 'biasGradient'],
        ...['update', 'update', 'update', 'update'],
      ].toSorted(),
    );
    for (const check of await explain.getByTestId('check').all())
      expect(Number(await check.getAttribute('data-value'))).toBeLessThan(1e-6);
    expect(await figure(explain, 'loss-after')).toBeLessThan(await figure(explain, 'loss'));
    await workbench.screenshot('explain');
  });

  it('goes forward and back, and opens the chain rule of a weight', async () => {
    const current = () => explain.locator('.operation.current').getAttribute('data-kind');
    expect(await current()).toBe('dense');
    await explain.getByTestId('next').click();
    expect(await current()).toBe('activation');
    await explain.getByTestId('back').click();
    expect(await current()).toBe('dense');
    await explain.getByRole('button', { name: '3 Backward' }).click();
    expect(await current()).toBe('lossGradient');
    const chain = explain.getByTestId('chain');
    expect(await chain.innerText()).toContain('∂L/∂W₁[1, 1]');
    await chain.locator('summary').nth(1).click();
    await chain.getByText('σ′(a₁[1])').last().waitFor();
  });

  it('takes another sample, a whole batch, and the weights of the last run', async () => {
    const loss = await figure(explain, 'loss');
    await explain.getByTestId('sample').fill('20');
    await explain.getByTestId('sample').press('Enter');
    await expect.poll(() => figure(explain, 'loss')).not.toBe(loss);
    await explain.getByTestId('batch').click();
    await explain.getByText('batch of 16').waitFor();
    await workbench.screenshot('explain batch');
    await workbench.page.locator('.tab', { hasText: 'small.mlp.json' }).first().click();
    designer = await workbench.view('designer');
    await designer.getByTestId('loss-card').click();
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await expect
      .poll(
        () =>
          training
            .getByTestId('end-reason')
            .getAttribute('data-value')
            .catch(() => null),
        { timeout: 60_000 },
      )
      .toBe('completed');
    await workbench.page.locator('.tab', { hasText: 'small.mlp.json' }).first().click();
    await workbench.runCommand('MLP Studio: Explain Step');
    explain = await workbench.view('explain');
    // A narrow panel leaves the line out of sight.
    await explain.getByText('weights of the last run').waitFor({ state: 'attached' });
  });
});
