import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drag, Workbench } from './support/workbench.ts';

interface ModelFile {
  layers: { id: string; units: number; activation: string; bias?: boolean }[];
  optimizer: Record<string, unknown>;
}

describe('the designer', () => {
  let workbench: Workbench;
  let designer: Frame;
  const text = () => readFileSync(path.join(workbench.folder, 'two-moons.mlp.json'), 'utf8');
  /** The model as it is after saving. */
  const saved = async (): Promise<ModelFile> => {
    await workbench.page.keyboard.press('Control+s');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    // A file that is being written is empty for a moment.
    await expect.poll(text).not.toBe('');
    return JSON.parse(text()) as ModelFile;
  };
  const ids = async () => (await saved()).layers.map(({ id }) => id);
  const network = () => designer.locator('svg.network');

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFromExplorer('two-moons.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('layer-hidden1').waitFor();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('is used by keyboard alone: select, add, move, remove, and hear of it', async () => {
    const said = designer.locator('[aria-live]');
    const selected = designer.locator('svg [role="option"][aria-selected="true"]');
    await designer.getByTestId('layer-hidden1').click();
    await network().press('Home');
    await expect.poll(() => selected.getAttribute('data-testid')).toBe('data-card');
    await network().press('ArrowRight');
    await network().press('ArrowRight');
    await expect.poll(() => selected.getAttribute('data-testid')).toBe('layer-hidden2');

    await network().press('+');
    await designer.locator('[role="menuitem"]:focus').press('Enter');
    await designer.getByTestId('layer-hidden3').waitFor();
    await expect.poll(() => said.innerText()).toBe('Added hidden3 as layer 3.');
    await expect.poll(() => ids()).toEqual(['hidden1', 'hidden2', 'hidden3', 'output']);

    await network().focus();
    await network().press('Alt+ArrowLeft');
    await expect.poll(() => said.innerText()).toBe('Moved hidden3 to place 2.');
    await expect.poll(() => ids()).toEqual(['hidden1', 'hidden3', 'hidden2', 'output']);

    await network().focus();
    await network().press('Delete');
    await expect.poll(() => designer.getByTestId('layer-hidden3').count()).toBe(0);
    await expect.poll(() => ids()).toEqual(['hidden1', 'hidden2', 'output']);

    await network().press('Enter');
    expect(await designer.evaluate(() => document.activeElement?.closest('.inspector') !== null)).toBe(true);
  });

  it('moves a layer by drag', async () => {
    await drag(
      workbench.page,
      designer.getByTestId('layer-hidden1').locator('.name').first(),
      designer.getByTestId('gap-2'),
    );
    await expect.poll(() => ids()).toEqual(['hidden2', 'hidden1', 'output']);
    await network().focus();
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(() => ids()).toEqual(['hidden1', 'hidden2', 'output']);
  });

  it('changes an activation and an optimizer by their lists, each once', async () => {
    await designer.getByTestId('layer-hidden1').click();
    const activation = designer.getByTestId('inspector-activation');
    await activation.click();
    await activation.getByRole('option', { name: 'relu', exact: true }).click();
    await expect.poll(async () => (await saved()).layers[0]?.activation).toBe('relu');

    const optimizer = designer.getByTestId('inspector-optimizer');
    await optimizer.click();
    await optimizer.getByRole('option', { name: 'rmsprop', exact: true }).click();
    await expect.poll(async () => (await saved()).optimizer).toEqual({ type: 'rmsprop', learningRate: 0.001 });

    await network().focus();
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(async () => (await saved()).optimizer['type']).toBe('adam');
    await workbench.page.keyboard.press('Control+z');
    await expect.poll(async () => (await saved()).layers[0]?.activation).toBe('tanh');
  });

  it('keeps an invalid number visible and marked, and sends only a valid one', async () => {
    await designer.getByTestId('layer-hidden1').click();
    const units = designer.getByTestId('inspector-units');
    const input = units.locator('input');
    await input.fill('many');
    await input.press('Enter');
    await designer.getByText('Must be a whole number from 1 to 65536.').waitFor();
    expect(await input.inputValue()).toBe('many');
    expect((await saved()).layers[0]?.units).toBe(8);
    await input.press('Escape');
    await expect.poll(() => input.inputValue()).toBe('8');
    await designer.getByTestId('more-units').click();
    await expect.poll(async () => (await saved()).layers[0]?.units).toBe(9);
  });

  it('names every field for who cannot see it, and switches options of the training on and off', async () => {
    await designer.getByTestId('loss-card').click();
    const inspector = designer.locator('.inspector');
    const names = await inspector
      .locator('vscode-text-field, vscode-dropdown, vscode-checkbox')
      .evaluateAll(controls => controls.map(control => control.getAttribute('aria-label')));
    expect(names).toEqual(
      expect.arrayContaining([
        'Loss',
        'Optimizer',
        'Learning rate',
        'Epochs',
        'Early stopping',
        'Drop last',
        'Schedule',
      ]),
    );
    await inspector.getByRole('checkbox', { name: 'Early stopping' }).click();
    await designer.getByTestId('inspector-patience').waitFor();
    expect(await saved()).toHaveProperty('training.earlyStopping', {});
    await inspector.getByRole('checkbox', { name: 'Early stopping' }).click();
    await designer.getByTestId('inspector-patience').waitFor({ state: 'detached' });
    expect(await saved()).not.toHaveProperty('training.earlyStopping');
  });

  it('shows a second designer of the same model the same picture', async () => {
    await workbench.runCommand('View: Split Editor Right');
    const frames = async () => {
      const found: Frame[] = [];
      for (const frame of workbench.page.frames())
        if (
          frame.url().includes('/fake.html') &&
          (await frame
            .getByTestId('layer-hidden1')
            .count()
            .catch(() => 0)) > 0
        )
          found.push(frame);
      return found;
    };
    await expect.poll(async () => (await frames()).length).toBe(2);
    const [first, second] = await frames();
    await first?.getByTestId('layer-hidden1').click();
    await first?.getByTestId('fewer-units').click();
    for (const frame of [first, second])
      await expect.poll(() => frame?.getByTestId('parameter-count').getAttribute('data-value')).toBe('105');
    await workbench.runCommand('View: Close Editor');
  });

  it('comes back as it was after it was hidden, and after the window was reloaded, its training panel too', async () => {
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await training.locator('[data-testid="end-reason"][data-value="completed"]').waitFor();
    const loss = await training.getByTestId('train-loss').getAttribute('data-value');

    await workbench.openFromExplorer('xor.mlp.json');
    await workbench.page.locator('.tab', { hasText: 'Training two-moons' }).click();
    await expect
      .poll(async () => (await workbench.view('training')).getByTestId('train-loss').getAttribute('data-value'))
      .toBe(loss);
    await workbench.page.keyboard.press('Control+s');
    await workbench.runCommand('Developer: Reload Window');
    await workbench.page.waitForLoadState('domcontentloaded');
    await workbench.page.locator('.tab', { hasText: 'Training two-moons' }).click();
    const again = await workbench.view('training');
    await again.getByText('to see its loss fall').waitFor();
    await again.getByTestId('train-button').click();
    await again.locator('[data-testid="end-reason"][data-value="completed"]').waitFor();
    expect(await again.getByTestId('train-loss').getAttribute('data-value')).toBe(loss);
  });
});
