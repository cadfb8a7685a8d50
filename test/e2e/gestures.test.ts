import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drag, Workbench } from './support/workbench.ts';

/** Written as people write: a comment, an unknown key, its own order and indentation, and line ends of Windows. */
const written = [
  '{',
  '   "version": 1, "name": "Drawn",',
  '   // the moons of a course',
  '   "data": { "source": { "kind": "generator", "name": "moons", "samples": 200 } },',
  '   "loss": "binaryCrossEntropy",',
  '   "layers": [',
  '      { "type": "dense", "id": "hidden1", "units": 6, "activation": "tanh", "note": "mine" }, // first',
  '      { "id": "residual1", "type": "residual", "layers": [',
  '         { "id": "inner1", "type": "dense", "units": 6, "activation": "tanh" }',
  '      ] },',
  '      { "id": "output", "type": "dense", "units": 1, "activation": "sigmoid" },',
  '   ],',
  '}',
  '',
].join('\r\n');

describe('gestures of the designer', () => {
  let workbench: Workbench;
  let designer: Frame;
  const file = () => path.join(workbench.folder, 'drawn.mlp.json');
  const text = () => readFileSync(file(), 'utf8');
  const network = () => designer.locator('svg.network');
  const layer = (name: string) => designer.getByTestId(`layer-${name}`);
  const selected = () =>
    designer
      .locator('svg [role="option"][aria-selected="true"]')
      .evaluateAll(options => options.map(option => option.getAttribute('data-testid')?.replace('layer-', '')));
  const save = async () => {
    await workbench.page.keyboard.press('Control+s');
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
  };
  const undo = async () => {
    await network().focus();
    await workbench.page.keyboard.press('Control+z');
  };
  /** The ids on the way to every layer, as they are drawn. */
  const names = () =>
    designer
      .locator('svg.network .column')
      .evaluateAll(columns => columns.map(column => column.getAttribute('data-testid')?.replace('layer-', '')));
  /** Each gesture is one undo step, after which the file has its very bytes back. */
  const givesBack = async () => {
    await undo();
    await expect.poll(names).toEqual(['hidden1', 'residual1', 'residual1.inner1', 'output']);
    await expect.poll(() => designer.getByTestId('parameter-count').getAttribute('data-value')).toBe('67');
    await save();
    expect(text()).toBe(written);
  };
  const by = async (what: Locator, x: number, y: number) => {
    const box = await what.boundingBox();
    if (!box) throw new Error('Nothing to drag.');
    const { mouse } = workbench.page;
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await mouse.down();
    await mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 6 });
    await mouse.up();
  };

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1480, files: { 'drawn.mlp.json': written } });
    await workbench.openFromExplorer('drawn.mlp.json');
    designer = await workbench.view('designer');
    await layer('hidden1').waitFor();
    await designer.getByTestId('data-card').getByText('200', { exact: true }).waitFor();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('drags a layer from the palette into a gap, which opens for it', async () => {
    const { page } = workbench;
    const from = await designer.getByTestId('palette-dropout').boundingBox();
    const to = await designer.getByTestId('gap-1').boundingBox();
    if (!from || !to) throw new Error('Nothing to drag.');
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await designer.getByTestId('slot').waitFor();
    await workbench.screenshot('designer dragging');
    await page.mouse.up();
    await layer('dropout1').waitFor();
    expect(await selected()).toEqual(['dropout1']);
    await save();
    expect(text()).toBe(
      written.replace('// first\r\n', '// first\r\n      { "id": "dropout1", "type": "dropout", "rate": 0.1 },\r\n'),
    );
    await givesBack();
  });

  it.each([
    ['glides', 'no-preference'],
    ['jumps, for those who want less motion,', 'reduce'],
  ] as const)('opens a gap so that what is behind it %s', async (how, reducedMotion) => {
    const { page } = workbench;
    await page.emulateMedia({ reducedMotion });
    const from = await designer.getByTestId('palette-dropout').boundingBox();
    const to = await designer.getByTestId('gap-1').boundingBox();
    if (!from || !to) throw new Error('Nothing to drag.');
    // What the gesture before has moved may still glide back.
    const place = () => designer.getByTestId('layer-output').locator('.frame').first().getAttribute('x');
    let last: string | null = null;
    const rests = async () => {
      const now = await place();
      const same = now === last;
      last = now;
      return same;
    };
    await expect.poll(rests, { interval: 250 }).toBe(true);
    // Every place that the output layer is at, frame by frame.
    await designer.evaluate(`
      globalThis.places = new Set();
      globalThis.watching = true;
      const look = () => {
        places.add(document.querySelector('[data-testid="layer-output"] .frame').getAttribute('x'));
        if (watching) requestAnimationFrame(look);
      };
      look();
    `);
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    await designer.getByTestId('slot').waitFor();
    const places = () => designer.evaluate<string[]>('[...places]');
    const end = Number((await places())[0]) + 112;
    await expect.poll(async () => Number((await places()).at(-1))).toBe(end);
    await designer.evaluate('watching = false');
    if (how === 'glides') expect((await places()).length).toBeGreaterThan(2);
    else expect(await places()).toHaveLength(2);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await designer.getByTestId('slot').waitFor({ state: 'detached' });
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('drags a layer into a residual block and out of it', async () => {
    await drag(workbench.page, layer('hidden1').locator('.name').first(), designer.getByTestId('gap-1.1'));
    await expect.poll(names).toEqual(['residual1', 'residual1.inner1', 'residual1.hidden1', 'output']);
    expect(await selected()).toEqual(['residual1.hidden1']);
    await save();
    expect(text()).toContain('"units": 6, "activation": "tanh", "note": "mine" }');
    await undo();
    await expect.poll(names).toEqual(['hidden1', 'residual1', 'residual1.inner1', 'output']);

    await drag(workbench.page, designer.getByTestId('palette-layerNorm'), designer.getByTestId('gap-1.0'));
    await expect.poll(names).toEqual(['hidden1', 'residual1', 'residual1.norm1', 'residual1.inner1', 'output']);
    await drag(workbench.page, layer('residual1.norm1').locator('.name').first(), designer.getByTestId('gap-0'));
    await expect.poll(names).toEqual(['norm1', 'hidden1', 'residual1', 'residual1.inner1', 'output']);
    await undo();
    await givesBack();
  });

  it('does not let a block into itself, and says so', async () => {
    const { page } = workbench;
    const from = await layer('residual1').locator('.name').first().boundingBox();
    const to = await designer.getByTestId('gap-1.1').boundingBox();
    if (!from || !to) throw new Error('Nothing to drag.');
    await page.mouse.move(from.x + 4, from.y + 4);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
    await designer.getByText('A block cannot go into itself.').waitFor();
    expect(await designer.getByTestId('slot').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(text()).toBe(written);
  });

  it('removes a block with its layers at its corner', async () => {
    await layer('residual1').locator('.name').first().hover();
    await layer('residual1').getByTestId('remove-column').click();
    await expect.poll(names).toEqual(['hidden1', 'output']);
    expect(await designer.locator('[aria-live]').innerText()).toBe('Removed residual1.');
    await givesBack();
  });

  it('resizes a layer by its lower edge, and by keyboard', async () => {
    await layer('hidden1').locator('.name').first().click();
    await by(designer.getByTestId('resize-grip'), 0, 54);
    await expect.poll(() => designer.getByTestId('inspector-units').locator('input').inputValue()).not.toBe('6');
    await givesBack();

    await layer('hidden1').locator('.name').first().click();
    await network().press('ArrowUp');
    const units = designer.getByTestId('inspector-units').locator('input');
    await expect.poll(() => units.inputValue()).toBe('7');
    await network().press('Shift+ArrowUp');
    await expect.poll(() => units.inputValue()).toBe('15');
    expect(await designer.locator('[aria-live]').innerText()).toBe('hidden1 has 15 units.');
    await undo();
    await givesBack();
  });

  it('adds a layer and a unit with one press each', async () => {
    await layer('hidden1').hover({ position: { x: 30, y: 40 } });
    await layer('hidden1').getByTestId('step-more').click();
    await expect.poll(() => layer('hidden1').getAttribute('aria-label')).toContain('7 units');
    await givesBack();
    await layer('output').locator('.name').first().click();
    await designer.getByTestId('palette-dense').click();
    await expect.poll(names).toEqual(['hidden1', 'residual1', 'residual1.inner1', 'hidden2', 'output']);
    await givesBack();
  });

  it('selects several layers, and moves and removes them together', async () => {
    await layer('hidden1').locator('.name').first().click();
    await layer('output')
      .locator('.name')
      .first()
      .click({ modifiers: ['Control'] });
    expect(await selected()).toEqual(['hidden1', 'output']);
    await designer.locator('.inspector').getByText('2 layers').waitFor();
    await layer('hidden1').locator('.name').first().click();
    await network().press('Shift+ArrowRight');
    expect(await selected()).toEqual(['hidden1', 'residual1']);
    await network().press('Alt+ArrowRight');
    await expect.poll(names).toEqual(['output', 'hidden1', 'residual1', 'residual1.inner1']);
    await givesBack();

    await layer('hidden1').locator('.name').first().click();
    await network().press('Shift+ArrowRight');
    await network().press('Delete');
    await expect.poll(names).toEqual(['output']);
    await givesBack();
  });

  it('copies layers and pastes them, in another model too', async () => {
    await layer('residual1').locator('.name').first().click();
    await network().focus();
    await workbench.page.keyboard.press('Control+c');
    await expect.poll(() => designer.locator('[aria-live]').innerText()).toBe('Copied residual1.');
    await workbench.page.keyboard.press('Control+v');
    await layer('residual2').waitFor();
    await givesBack();

    await workbench.openFromExplorer('two-moons.mlp.json');
    await expect.poll(async () => (await workbench.view('designer')).getByTestId('layer-hidden2').count()).toBe(1);
    const other = await workbench.view('designer');
    await other.getByTestId('layer-hidden1').locator('.name').first().click();
    await other.locator('svg.network').focus();
    await workbench.page.keyboard.press('Control+v');
    await other.getByTestId('layer-residual1').waitFor();
    await workbench.page.keyboard.press('Control+z');
    await other.getByTestId('layer-residual1').waitFor({ state: 'detached' });
    await workbench.page.keyboard.press('Control+s');
    await workbench.runCommand('View: Close Editor');
    designer = await workbench.view('designer');
    await layer('hidden1').waitFor();
  });

  it('zooms, pans and fits by mouse and keyboard, and is seen as it was when it comes back', async () => {
    const zoom = () => designer.getByTestId('zoom').innerText();
    const fitted = await zoom();
    await network().focus();
    await network().press('PageUp');
    await network().press('PageUp');
    await expect.poll(zoom).not.toBe(fitted);
    const zoomed = await zoom();
    const place = () => network().locator('g').first().getAttribute('transform');
    const before = await place();
    await network().press('Control+ArrowRight');
    await expect.poll(place).not.toBe(before);
    const at = await place();

    // A hand needs longer for the way to the explorer than a view needs to be kept.
    await workbench.page.waitForTimeout(300);
    await workbench.openFromExplorer('xor.mlp.json');
    await workbench.page.locator('.tab', { hasText: 'drawn' }).click();
    await expect
      .poll(async () => {
        designer = await workbench.view('designer');
        return place().catch(() => '');
      })
      .toBe(at);
    expect(await zoom()).toBe(zoomed);
    await network().press('0');
    await expect.poll(zoom).toBe(fitted);
  });

  it('follows a change from outside at once', async () => {
    writeFileSync(file(), written.replace('"id": "inner1"', '"id": "middle"'));
    await layer('residual1.middle').waitFor();
    writeFileSync(file(), written);
    await layer('residual1.inner1').waitFor();
  });
});
