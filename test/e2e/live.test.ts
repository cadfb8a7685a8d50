import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Workbench } from './support/workbench.ts';

describe('the network in training', () => {
  let workbench: Workbench;
  let designer: Frame;
  const step = async () =>
    Number(/tep ([\d,]+)/.exec(await designer.getByTestId('weights-of').innerText())?.[1]?.replaceAll(',', ''));

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1480 });
    const file = path.join(workbench.folder, 'spiral.mlp.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"epochs": \d+/, '"epochs": 1000000'));
    await workbench.openFromExplorer('spiral.mlp.json');
    designer = await workbench.view('designer');
    await designer.getByTestId('layer-hidden1').waitFor();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('shows its weights as they change, with exact values under the pointer and in a table', async () => {
    const { page } = workbench;
    const whose = designer.getByTestId('weights-of');
    await expect.poll(() => whose.innerText()).toBe('First weights, of seed 42; not trained yet');
    await workbench.screenshot('designer first weights');
    await designer.getByTestId('train-button').click();
    await expect.poll(() => whose.innerText()).toMatch(/^Step [\d,]+ · epoch [\d,]+$/);
    await workbench.view('training');
    await page.locator('.tab', { hasText: 'Training spiral' }).hover();
    await page.locator('.tab', { hasText: 'Training spiral' }).getByRole('button', { name: /Close/ }).click();
    await designer.getByTestId('layer-hidden2').locator('.name').first().click();
    const first = await step();
    await expect.poll(step).toBeGreaterThan(first);

    const box = await designer.getByTestId('layer-hidden2').locator('.frame').first().boundingBox();
    if (!box) throw new Error('The layer is not drawn.');
    const middle = box.x + box.width / 2;
    const scale = box.width / 72;
    // The first node stands 52 + 15 pixels below the top of its column.
    await page.mouse.move(middle, box.y + 67 * scale, { steps: 3 });
    const bias = designer.getByTestId('value-bias');
    await bias.waitFor();
    expect(await designer.getByTestId('value-card').locator('.title').innerText()).toBe('hidden2[1]');
    const before = await bias.innerText();
    expect(Number(before.replace('−', '-'))).not.toBeNaN();
    await expect.poll(() => bias.innerText()).not.toBe(before);

    await page.mouse.move(middle - 56 * scale, box.y + 67 * scale, { steps: 3 });
    await designer.getByTestId('value-weight').waitFor();
    expect(await designer.getByTestId('value-card').locator('.title').innerText()).toMatch(
      /^hidden1\[\d+\] → hidden2\[\d+\]$/,
    );
    await workbench.screenshot('designer live');

    await designer
      .locator('.inspector')
      .getByRole('button', { name: /^Values/ })
      .click();
    const table = designer.getByRole('region', { name: 'Weights and biases of hidden2' });
    expect(await table.getByRole('row').count()).toBe(12);
  });

  it('keeps its structure while it trains, and says why; the learning rate is free', async () => {
    expect(await designer.getByTestId('palette-dense').isDisabled()).toBe(true);
    expect(await designer.getByTestId('palette-dense').getAttribute('title')).toBe(
      'A training runs. Stop it to change the network.',
    );
    await designer.locator('svg.network').focus();
    await designer.locator('svg.network').press('Delete');
    expect(await designer.locator('[aria-live]').innerText()).toBe('A training runs. Stop it to change the network.');
    const rate = designer.getByTestId('inspector-learningRate').locator('input');
    await rate.fill('0.002');
    await rate.press('Enter');
    await expect.poll(() => designer.getByTestId('loss-card').textContent()).toContain('0.002');
  });

  it('shows the weights again after it was hidden, and those it ended with', async () => {
    await workbench.openFromExplorer('xor.mlp.json');
    await workbench.page.locator('.tab', { hasText: 'spiral.mlp.json' }).click();
    await expect
      .poll(async () => {
        designer = await workbench.view('designer');
        return designer.getByTestId('legend').count();
      })
      .toBe(1);
    expect(await designer.getByTestId('layer-hidden2').getAttribute('aria-selected')).toBe('true');
    const first = await step();
    await expect.poll(step).toBeGreaterThan(first);
    await designer.getByTestId('stop-button').click();
    await designer.getByTestId('train-button').waitFor();
    const last = await step();
    await workbench.page.waitForTimeout(500);
    expect(await step()).toBe(last);
    expect(await designer.getByTestId('palette-dense').isDisabled()).toBe(false);
    await workbench.page.keyboard.press('Control+s');
  });
});

describe('two versions of a model in Git', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1480, settings: { 'git.enabled': true } });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: workbench.folder });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('stand side by side, the old one read-only, with what differs marked on both', async () => {
    const file = path.join(workbench.folder, 'two-moons.mlp.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"id": "hidden2"', '"id": "other"').replace(/"units": 8/, '"units": 5'));
    await workbench.openFromExplorer('two-moons.mlp.json');
    await (await workbench.view('designer')).getByTestId('layer-other').waitFor();
    await workbench.page
      .locator('.editor-actions')
      .getByRole('button', { name: /^Open Changes/ })
      .click();
    const side = async (layer: string) => {
      for (const frame of workbench.page.frames()) {
        const marks = await frame
          .getByTestId(`layer-${layer}`)
          .locator('[data-testid="change"]')
          .evaluateAll(found => found.map(mark => mark.getAttribute('data-change')))
          .catch(() => []);
        if (marks.length > 0) return { frame, marks };
      }
      return undefined;
    };
    await expect.poll(async () => (await side('hidden2'))?.marks).toEqual(['removed']);
    await expect.poll(async () => (await side('other'))?.marks).toEqual(['added']);
    await expect.poll(async () => (await side('hidden1'))?.marks).toEqual(['changed']);
    await workbench.screenshot('designer diff');
    const old = (await side('hidden2'))?.frame;
    await old?.getByText('Read-only file').waitFor();
    // Built-in data are no files: both sides have them, and the weights that each version would start from.
    for (const layer of ['hidden2', 'other'])
      await expect
        .poll(async () => (await side(layer))?.frame.getByTestId('weights-of').textContent())
        .toBe('First weights, of seed 42; not trained yet');
    await workbench.screenshot('designer diff with weights');
    expect(await old?.getByTestId('palette-dense').isDisabled()).toBe(true);
  });

  it('mark a layer that has only moved', async () => {
    const file = path.join(workbench.folder, 'two-moons.mlp.json');
    const first = execFileSync('git', ['show', 'HEAD:two-moons.mlp.json'], { cwd: workbench.folder, encoding: 'utf8' });
    const lines = first.split('\n');
    const at = lines.findIndex(line => line.includes('"hidden1"'));
    writeFileSync(file, lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '').join('\n'));
    const marks = async () => {
      const found: string[] = [];
      for (const frame of workbench.page.frames())
        for (const mark of await frame
          .getByTestId('change')
          .all()
          .catch(() => []))
          found.push(
            `${(await mark.getAttribute('data-change')) ?? ''} ${(await mark.locator('xpath=ancestor::*[@role="option"]').getAttribute('data-testid')) ?? ''}`,
          );
      return found;
    };
    await expect.poll(marks).toEqual(['moved layer-hidden1', 'moved layer-hidden1']);
    await workbench.screenshot('designer diff moved');
  });
});
