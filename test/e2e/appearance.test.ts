import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { themes, violations } from './support/appearance.ts';
import { Workbench } from './support/workbench.ts';

/** A network with every kind of layer. */
const blockModel = JSON.stringify({
  version: 1,
  data: { source: { kind: 'generator', name: 'moons', samples: 200 } },
  layers: [
    { id: 'first', type: 'dense', units: 6, activation: 'tanh' },
    { id: 'block', type: 'residual', layers: [{ id: 'inner', type: 'dense', units: 6, activation: 'tanh' }] },
    { id: 'norm', type: 'layerNorm' },
    { id: 'drop', type: 'dropout', rate: 0.1 },
    { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
  ],
  loss: 'binaryCrossEntropy',
  training: { epochs: 40 },
});

describe.each(themes)('in the %s theme', (name, theme, bodyClass) => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'block.mlp.json': blockModel } });
    await workbench.useTheme(theme);
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('the designer is accessible, wide and narrow', async () => {
    await workbench.openFromExplorer('two-moons.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('data-card').getByText('400', { exact: true }).waitFor();
    expect(await designer.locator('body').getAttribute('class')).toMatch(new RegExp(`\\b${bodyClass}( |$)`));
    await designer.evaluate(() => document.fonts.ready);
    await workbench.screenshot(`designer ${name} 1280`);
    expect(await violations(designer)).toEqual([]);

    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await designer.getByTestId('layer-hidden2').click();
    await workbench.screenshot(`designer ${name} 700`);
    expect(await violations(designer)).toEqual([]);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('the training panel is accessible, wide and narrow', async () => {
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor();
    await workbench.screenshot(`training ${name} 1280`);
    expect(await violations(training)).toEqual([]);
    await training.getByTestId('table-button').click();
    expect(await violations(training)).toEqual([]);
    await training.getByTestId('table-button').click();

    await workbench.page.locator('.tab', { hasText: 'Training two-moons' }).dblclick();
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await (await workbench.view('training')).getByTestId('loss-chart').waitFor();
    await workbench.screenshot(`training ${name} 700`);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('the designer with weights and a residual block is accessible', async () => {
    // The only designer there is.
    await workbench.runCommand('View: Close All Editors');
    await workbench.page.locator('.tab').first().waitFor({ state: 'detached' });
    await workbench.runCommand('View: Show Explorer');
    await workbench.openFromExplorer('block.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('layer-block').waitFor();
    await designer.getByTestId('train-button').click();
    await designer.locator('[data-testid="weights-of"][data-origin="run"]').waitFor();
    await designer.getByTestId('train-button').waitFor();
    await designer.getByTestId('layer-block').locator('.name').first().click();
    await workbench.screenshot(`designer weights ${name}`);
    expect(await violations(designer)).toEqual([]);
  });

  it('the gradients are accessible', async () => {
    const gradients = await workbench.openGradients();
    await gradients.getByTestId('gradient-row').first().waitFor();
    await workbench.screenshot(`gradients ${name}`);
    expect(await violations(gradients)).toEqual([]);
  });

  it('a step explained, with every kind of layer, is accessible, wide and narrow', async () => {
    await workbench.runCommand('View: Show Explorer');
    await workbench.openFromExplorer('block.mlp.json');
    await workbench.page.locator('.tab.active', { hasText: 'block.mlp.json' }).waitFor();
    await workbench.runCommand('MLP Studio: Explain Step');
    const explain = await workbench.view('explain');
    await explain.getByTestId('operation').first().waitFor();
    await explain.getByRole('button', { name: '3 Backward' }).click();
    const chain = explain.getByTestId('chain');
    await explain.getByTestId('trace-layer').selectOption('first');
    await chain.locator('summary', { hasText: /^δ₁\[1\] =/ }).click();
    await chain.locator('summary', { hasText: /^∂L\/∂z₁\[1\] =/ }).click();
    await chain.locator('summary', { hasText: /^through f/ }).waitFor();
    await workbench.screenshot(`explain ${name} 1280`);
    expect(await violations(explain)).toEqual([]);
    await explain.locator('[data-kind="layerNormGradient"]').click();
    await workbench.screenshot(`explain norm ${name}`);
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await workbench.screenshot(`explain ${name} 700`);
    expect(await violations(explain)).toEqual([]);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('the optimizer lab is accessible, wide and narrow', async () => {
    await workbench.runCommand('MLP Studio: Open Optimizer Lab');
    const lab = await workbench.view('lab');
    await lab.getByTestId('contour').waitFor();
    await lab.getByTestId('step-slider').fill('17');
    await lab.locator('h4', { hasText: 'Correction' }).waitFor();
    await lab.locator('section.surface[aria-busy="false"]').waitFor();
    await workbench.screenshot(`lab ${name} 1280`);
    expect(await violations(lab)).toEqual([]);
    await lab.getByTestId('edit-button').click();
    expect(await violations(lab)).toEqual([]);
    await lab.getByTestId('table-button').click();
    await lab.getByTestId('positions').waitFor();
    expect(await violations(lab)).toEqual([]);
    await lab.getByTestId('table-button').click();
    await lab.getByTestId('edit-button').click();
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await lab.getByTestId('contour').waitFor();
    await workbench.screenshot(`lab ${name} 700`);
    expect(await violations(lab)).toEqual([]);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('no view asks for what its security policy forbids', () => {
    expect(workbench.complaints.filter(text => /content security policy/i.test(text))).toEqual([]);
  });
});
