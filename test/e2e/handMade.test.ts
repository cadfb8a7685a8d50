import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseModel } from '../../engine/model/parse.ts';
import { layerShapes } from '../../engine/model/shapes.ts';
import { layOut } from '../../webview/designer/geometry.ts';
import { biasOffset } from '../../webview/designer/hitTest.ts';
import { Workbench } from './support/workbench.ts';

describe('set by hand', () => {
  let workbench: Workbench;
  let designer: Frame;
  const file = () => path.join(workbench.folder, 'two-moons.mlp.json');
  /** Presses the canvas until the field of a weight opens: down the middle between two columns, where an edge must be met. */
  const pressEdge = async () => {
    const canvas = await designer.getByTestId('network-canvas').boundingBox();
    const [from, to] = await Promise.all(
      ['input', 'hidden1'].map(name => designer.locator('svg.network .name', { hasText: name }).first().boundingBox()),
    );
    if (!canvas || !from || !to) throw new Error('Both columns are drawn.');
    const x = (from.x + from.width / 2 + to.x + to.width / 2) / 2;
    const field = designer.getByTestId('weight-editor');
    for (let y = from.y + 60; y < canvas.y + canvas.height - 60 && !(await field.isVisible()); y += 4)
      await workbench.page.mouse.click(x, y);
    await field.waitFor();
  };
  /** Presses the dot of a bias, where the picture has it. */
  const pressBias = async (column: number, unit: number) => {
    const { model } = parseModel(readFileSync(file(), 'utf8'));
    const layers = model?.layers ?? [];
    const drawn = layOut({ layers, shapes: layerShapes(layers, 2), inputs: 2 }).columns[column];
    const y = drawn?.nodes[unit]?.y;
    if (!drawn || y === undefined) throw new Error('There is no such node.');
    const at = await designer.locator('svg.network').evaluate(
      (svg, [left = 0, top = 0]) => {
        const matrix = svg.querySelector('g')?.getScreenCTM();
        const { x, y } = new DOMPoint(left, top).matrixTransform(matrix ?? undefined);
        return { x, y };
      },
      [drawn.x - biasOffset, y + biasOffset],
    );
    const frame = await designer.frameElement();
    const box = await frame.boundingBox();
    await workbench.page.mouse.click((box?.x ?? 0) + at.x, (box?.y ?? 0) + at.y);
    await designer.getByTestId('weight-editor').waitFor();
  };
  const type = async (text: string) => {
    await expect
      .poll(() => designer.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('weight-field');
    await workbench.page.keyboard.press('Control+a');
    await workbench.page.keyboard.type(text);
  };
  const whose = () => designer.getByTestId('weights-of').textContent();

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFromExplorer('two-moons.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('weights-of').waitFor();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('is a weight, by a press on its edge and a number: a run begins with it and stands still before its first step', async () => {
    await pressEdge();
    await type('half');
    await designer.getByTestId('weight-editor').getByText('Must be a number.').waitFor();
    await designer.getByText('A new training begins with it, from first weights, and stands still.').waitFor();
    await workbench.screenshot('designer weight by hand');
    await type('0.75');
    await workbench.page.keyboard.press('Enter');
    await designer.getByTestId('pause-button').waitFor();
    await expect.poll(() => designer.getByTestId('weights-of').textContent()).toMatch(/^Step 0 /);
    await designer.getByTestId('layer-hidden1').locator('.name').first().click();
    const section = designer.locator('.inspector').getByRole('button', { name: /^Values/ });
    if ((await section.getAttribute('aria-expanded')) === 'false') await section.click();
    expect(await designer.locator('.values td[title="0.75"]').count()).toBe(1);
    await designer.getByTestId('weight-value').locator('input').fill('-0.5');
    await designer.getByTestId('weight-value').locator('input').press('Enter');
    await designer.locator('.values td[title="-0.5"]').waitFor();
    await section.click();
    await designer.getByTestId('stop-button').click();
    await designer.getByTestId('train-button').waitFor();
  });

  it('is a bias, by a press on its dot: where a run has ended, what is drawn goes on with it, and the run stays as it was', async () => {
    const epochs = designer.getByTestId('inspector-epochs').locator('input');
    await epochs.fill('3');
    await epochs.press('Enter');
    await designer.getByTestId('train-button').click();
    await expect.poll(whose).toMatch(/^Last run · step \d+ · epoch 3$/);
    const [, last = ''] = /step (\d+)/.exec((await whose()) ?? '') ?? [];
    await designer.getByTestId('layer-hidden1').locator('.name').first().click();
    const section = designer.locator('.inspector').getByRole('button', { name: /^Values/ });
    await section.click();
    const table = () =>
      designer.locator('.values td').evaluateAll(cells => cells.map(cell => cell.getAttribute('title')));
    const before = await table();
    await pressBias(1, 2);
    await designer.getByRole('dialog', { name: 'Bias of hidden1[3]' }).waitFor();
    await designer
      .getByText('The last run branches off with it, from the weights drawn here, and stands still.')
      .waitFor();
    await workbench.screenshot('designer bias by hand');
    await type('-1.5');
    await workbench.page.keyboard.press('Enter');
    await designer.getByTestId('pause-button').waitFor();
    // It stands where the run has ended, with its weights and this one bias, and has as many epochs again before it.
    await expect.poll(whose).toMatch(new RegExp(`^Step ${last} · epoch 3$`));
    await expect.poll(table).toEqual(before.with(3 * 3 - 1, '-1.5'));
    await section.click();
    await designer.getByTestId('pause-button').click();
    await expect.poll(whose).toMatch(/^Last run · step \d+ · epoch 6$/);
    const kept = path.join(workbench.folder, '.mlp-runs/Two moons');
    const records = readdirSync(kept).map(
      run => JSON.parse(readFileSync(path.join(kept, run, 'run.json'), 'utf8')) as Record<string, unknown>,
    );
    const branch = records.find(record => record['forkedFrom'] !== undefined);
    expect(branch).toMatchObject({ forkedFrom: { step: Number(last) }, epochs: 6 });
    const trunk = (branch?.['forkedFrom'] as { folder: string }).folder;
    expect(JSON.parse(readFileSync(path.join(trunk, 'run.json'), 'utf8'))).toMatchObject({
      status: 'completed',
      epoch: 3,
    });
  });
});
