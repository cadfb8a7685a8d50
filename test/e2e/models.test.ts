import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Workbench } from './support/workbench.ts';

describe('models', () => {
  let workbench: Workbench;
  const inFolder = (...names: string[]) => path.join(workbench.folder, ...names);
  const options = () => workbench.page.locator('.quick-input-widget').getByRole('option');
  const choose = (name: string | RegExp) => options().filter({ hasText: name }).first().click();
  const closeAll = () => workbench.runCommand('View: Close All Editors');
  const problems = (designer: Frame) => designer.getByTestId('problems-count').getAttribute('data-value');

  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it.each([
    ['XOR', 'xor-2.mlp.json', 'hidden1'],
    ['Two moons', 'two-moons-2.mlp.json', 'hidden2'],
    ['Spiral', 'spiral-2.mlp.json', 'hidden2'],
    ['Iris', 'iris-2.mlp.json', 'hidden1'],
    ['Digits', 'digits-2.mlp.json', 'hidden1'],
    ['Regression', 'regression.mlp.json', 'hidden2'],
    ['Blank', 'model.mlp.json', 'output'],
  ])('New Model… → %s opens the designer on %s', async (title, name, layer) => {
    await workbench.runCommand('MLP Studio: New Model');
    await choose(title);
    const designer = await workbench.view('designer');
    await designer.getByTestId(`layer-${layer}`).waitFor();
    await workbench.page.locator('.tab.active', { hasText: name }).waitFor();
    await expect.poll(() => problems(designer)).toBe('0');
    expect(existsSync(inFolder(name))).toBe(true);
    await closeAll();
  });

  it('are listed in the side bar, and a place without one has a welcome', async () => {
    await workbench.page.locator('.activitybar a[aria-label="MLP Studio"]').click();
    const models = workbench.page.locator('.pane', { has: workbench.page.getByRole('button', { name: /^Models/ }) });
    await models
      .getByRole('treeitem', { name: /^circles/ })
      .first()
      .waitFor();
    await workbench.screenshot('models view');
    await models.getByRole('treeitem', { name: /^iris/ }).first().click();
    await (await workbench.view('designer')).getByTestId('layer-hidden1').waitFor();
    await closeAll();

    const aside = path.join(workbench.folder, 'node_modules');
    mkdirSync(aside);
    const files = readdirSync(workbench.folder).filter(name => name.endsWith('.mlp.json'));
    for (const name of files) renameSync(inFolder(name), path.join(aside, name));
    await models.getByRole('button', { name: 'New Model…' }).waitFor();
    await workbench.screenshot('models welcome');
    for (const name of files) renameSync(path.join(aside, name), inFolder(name));
    await models
      .getByRole('treeitem', { name: /^circles/ })
      .first()
      .waitFor();
    await workbench.page.locator('.activitybar a[aria-label^="Explorer"]').click();
  });

  it('take a table: choose the file and the target, and input, output and loss fit themselves in one step', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${i % 7},${i % 5},${i % 3},${['red', 'green', 'blue'][i % 3] ?? ''}`,
    );
    writeFileSync(inFolder('data', 'colours.csv'), `a,b,c,colour\n${rows.join('\n')}\n`);
    writeFileSync(inFolder('fit.mlp.json'), readFileSync(inFolder('xor.mlp.json'), 'utf8'));
    await workbench.openFromExplorer('fit.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('layer-hidden1').waitFor();
    await designer.getByTestId('palette-csv').click();
    const input = workbench.page.locator('.quick-input-widget input').first();
    await options().filter({ hasText: 'data' }).waitFor();
    await input.fill(inFolder('data', 'colours.csv'));
    await options().filter({ hasText: 'colours.csv' }).waitFor();
    await input.press('Enter');
    await expect.poll(() => options().first().innerText()).toContain('colour');
    await options().filter({ hasText: '3 outputs with softmax' }).first().waitFor();
    await workbench.screenshot('choose target');
    await options().first().click();
    await designer.getByTestId('data-card').getByText('60', { exact: true }).waitFor();
    await expect.poll(() => problems(designer)).toBe('0');
    await workbench.page.keyboard.press('Control+s');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    const model = JSON.parse(readFileSync(inFolder('fit.mlp.json'), 'utf8')) as Record<string, unknown>;
    expect(model).toMatchObject({
      data: { source: { kind: 'csv', path: 'data/colours.csv', target: 'colour' } },
      loss: 'crossEntropy',
    });
    expect(model['layers']).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'output', units: 3, activation: 'softmax' })]),
    );

    await designer.getByTestId('data-card').click();
    await designer.getByTestId('class-balance').getByText('green', { exact: true }).waitFor();
    await designer.getByRole('region', { name: 'First rows of the table' }).getByText('red').first().waitFor();
    await workbench.screenshot('data inspector');

    await designer.locator('svg.network').focus();
    await workbench.page.keyboard.press('Control+z');
    await workbench.page.keyboard.press('Control+s');
    await expect
      .poll(() => readFileSync(inFolder('fit.mlp.json'), 'utf8'))
      .toBe(readFileSync(inFolder('xor.mlp.json'), 'utf8'));
  });

  it('take a table that is dropped: one of the explorer by its address, one from elsewhere by its text', async () => {
    const designer = await workbench.view('designer');
    const dropped = (kind: string, data: string) =>
      designer.evaluate(
        ([type, content]) => {
          const transfer = new DataTransfer();
          if (type === 'file') transfer.items.add(new File([content ?? ''], 'heights.csv', { type: 'text/csv' }));
          else transfer.setData(type ?? '', content ?? '');
          for (const name of ['dragover', 'drop'])
            window.dispatchEvent(new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        },
        [kind, data],
      );
    await dropped('text/uri-list', `file://${inFolder('data', 'iris.csv')}`);
    await choose('label');
    await designer.getByTestId('data-card').getByText('150', { exact: true }).waitFor();
    expect(await designer.getByTestId('layer-output').getAttribute('aria-label')).toContain('3 units, softmax');

    await dropped('file', `age,height\n${Array.from({ length: 40 }, (_, i) => `${i},${50 + i * 1.5}`).join('\n')}\n`);
    await choose('height');
    await designer.getByTestId('data-card').getByText('40', { exact: true }).waitFor();
    expect(await designer.getByTestId('layer-output').getAttribute('aria-label')).toContain('1 units, identity');
    expect(existsSync(inFolder('data', 'heights.csv'))).toBe(true);
    await workbench.runCommand('File: Revert File');
    await closeAll();
  });

  it('as text have lenses that train and draw, and fixes for what is wrong', async () => {
    writeFileSync(
      inFolder('wrong.mlp.json'),
      readFileSync(inFolder('iris.mlp.json'), 'utf8').replace('"units": 3', '"units": 4'),
    );
    await workbench.openFromExplorer('wrong.mlp.json');
    const designer = await workbench.view('designer');
    await designer.getByTestId('badge').waitFor();
    const problem = designer.locator('.inspector').getByTestId('problem');
    await designer.getByTestId('layer-output').locator('.name').first().click();
    const message = (await problem.first().innerText()).trim();
    expect(message).toContain('Set units to 3');

    await workbench.runCommand('MLP Studio: Open as Text');
    const lens = workbench.page.locator('.codelens-decoration');
    await lens.getByText('Open Designer').waitFor();
    await lens.getByText('Train').waitFor();
    await workbench.screenshot('text with lenses');
    await workbench.page
      .locator('.view-line', { hasText: '"units": 4' })
      .locator('span', { hasText: '4' })
      .last()
      .click();
    await workbench.page.keyboard.press('Control+.');
    await workbench.page
      .getByRole('option', { name: /Set units to 3/ })
      .or(workbench.page.getByText('Set units to 3'))
      .last()
      .click();
    await expect.poll(() => workbench.page.locator('.view-line', { hasText: '"units": 3' }).count()).toBe(1);
    await lens.getByText('Open Designer').click();
    await expect.poll(async () => problems(await workbench.view('designer'))).toBe('0');
    await workbench.page.keyboard.press('Control+s');
    await closeAll();
  });

  it('have a walkthrough of five steps', async () => {
    await workbench.runCommand('Welcome: Open Walkthrough');
    await choose('Train your first network');
    const steps = workbench.page.locator('.getting-started-step');
    await expect.poll(() => steps.count()).toBe(5);
    await workbench.screenshot('walkthrough');
    await closeAll();
  });
});
