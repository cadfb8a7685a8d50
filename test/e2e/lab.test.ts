import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

/** The number behind a figure, in full precision. */
const figure = async (at: Locator): Promise<number> => Number(await at.getAttribute('data-value'));

/** Takes an entry of a dropdown, as a user does. */
async function choose(view: Frame, testId: string, title: string): Promise<void> {
  await view.getByTestId(testId).click();
  await view.getByTestId(testId).getByRole('option', { name: title, exact: true }).click();
}

describe('the optimizer lab', () => {
  let workbench: Workbench;
  let lab: Frame;
  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  const racer = (name: string) =>
    lab.getByTestId('racer').filter({ has: lab.getByRole('button', { name, exact: true }) });
  const value = (name: string) => figure(racer(name).getByTestId('racer-value'));
  const step = () => figure(lab.getByTestId('step'));
  const typed = async (testId: string, text: string) => {
    const input = lab.getByTestId(testId).locator('input');
    await input.fill(text);
    await input.press('Enter');
  };

  it('opens from the palette with a race ready: surface, contour and seven optimizers', async () => {
    await workbench.runCommand('MLP Studio: Open Optimizer Lab');
    lab = await workbench.view('lab');
    await lab.getByTestId('contour').waitFor();
    await lab.getByTestId('surface').waitFor();
    expect(await lab.getByTestId('racer').count()).toBe(7);
    await expect.poll(() => value('Adam')).toBeCloseTo(228.8, 1);
  });

  it('plays to its end, and each optimizer lies in a valley', async () => {
    await lab.getByRole('button', { name: '16×' }).click();
    await lab.getByTestId('play-button').click();
    await expect.poll(step).toBe(300);
    for (const name of ['GD', 'Momentum', 'Nesterov', 'AdaGrad', 'RMSProp', 'Adam'])
      expect(await value(name)).toBeLessThan(0.001);
  });

  it('plays the phases of a step one by one with F10', async () => {
    await lab.getByTestId('restart-button').click();
    await racer('Adam').getByRole('button', { name: 'Adam', exact: true }).click();
    await expect.poll(() => lab.getByTestId('phase-title').textContent()).toContain('Adam, step 1');
    const current = lab.locator('.phase[aria-current="step"] h4');
    for (const title of ['Gradient', 'Accumulated squares', 'Moment', 'Correction', 'Step']) {
      await expect.poll(() => current.textContent()).toContain(title);
      await workbench.page.keyboard.press('F10');
    }
    await expect.poll(step).toBe(1);
    await expect.poll(() => lab.getByTestId('phase-title').textContent()).toContain('Adam, step 2');
  });

  it('restarts where the contour is clicked, or where arrow keys and Enter say', async () => {
    await lab.getByTestId('contour').click({ position: { x: 120, y: 120 } });
    await expect.poll(() => value('GD')).not.toBeCloseTo(228.8, 1);
    expect(await lab.getByTestId('start').textContent()).not.toContain('0.1, −3.4');
    const before = await lab.getByTestId('start').textContent();
    await lab.getByTestId('contour').press('Shift+ArrowRight');
    await lab.getByTestId('contour').press('ArrowUp');
    await lab.getByTestId('contour').press('Enter');
    await expect.poll(() => lab.getByTestId('start').textContent()).not.toBe(before);
  });

  it('shows positions and values as a table', async () => {
    await lab.getByTestId('table-button').click();
    const rows = lab.getByTestId('positions').getByRole('row');
    expect(await rows.count()).toBe(8);
    expect(await rows.nth(1).textContent()).toMatch(/^GD/);
    await lab.getByTestId('table-button').click();
  });

  it('races on a formula; one with an error is located and changes nothing', async () => {
    await choose(lab, 'surface-choice', 'Formula…');
    await lab.getByTestId('formula').waitFor();
    await typed('formula', 'x^2 + 3 y^2');
    await expect.poll(() => value('GD')).toBe(1.5 ** 2 + 3 * 1.5 ** 2);
    await typed('formula', 'x^2 + sin(y');
    await lab.getByText('Character 10: This bracket is never closed').waitFor();
    expect(await value('GD')).toBe(9);
    await lab.getByTestId('formula').locator('input').press('Escape');
    await typed('formula', 'constructor(x)');
    await lab.getByText('“constructor” is unknown').waitFor();
    await lab.getByTestId('formula').locator('input').press('Escape');
    await typed('formula', 'ln(x - 9)');
    await expect.poll(() => lab.getByTestId('problem').textContent()).toContain('no finite value');
  });

  it('takes the article’s race from its presets, and says what to see', async () => {
    await choose(lab, 'preset', 'Escape from a saddle');
    await expect.poll(() => lab.getByTestId('racer').count()).toBe(5);
    expect(await lab.getByTestId('about').textContent()).toContain('AdaGrad still remembers');
    await expect.poll(() => value('RMSProp')).toBeCloseTo(2.25, 9);
    await lab.getByTestId('step-slider').fill('100');
    await expect.poll(() => value('RMSProp')).toBeLessThan(-0.99);
    expect(await value('AdaGrad')).toBeGreaterThan(-0.2);
  });

  it('changes, adds and removes optimizers', async () => {
    await lab.getByTestId('edit-button').click();
    await typed('racer-learningRate', '0.3');
    await expect.poll(() => racer('GD').textContent()).toContain('0.3');
    await lab.getByTestId('add-racer').click();
    await expect.poll(() => lab.getByTestId('racer').count()).toBe(6);
    await lab.getByTestId('remove-racer').click();
    await expect.poll(() => lab.getByTestId('racer').count()).toBe(5);
    await lab.getByTestId('edit-button').click();
  });

  it('explores the loss of a network: paths in their plane, the share off it, and around random directions', async () => {
    await lab.getByTestId('mode-network').click();
    await lab.getByTestId('choose-model').click();
    const picker = workbench.page.locator('.quick-input-widget');
    await picker.getByRole('option', { name: 'two-moons.mlp.json' }).first().click();
    await expect.poll(() => lab.getByTestId('choose-model').textContent()).toContain('two-moons');
    await typed('explore-epochs', '20');
    await lab.getByTestId('explore-button').click();
    await lab.getByText(/of their movement \(squared distance\) lies off it/).waitFor();
    await lab.getByTestId('explore-button').waitFor();
    await workbench.screenshot('lab network');
    expect(await lab.getByTestId('network-status').textContent()).toBe('');
    const losses = await Promise.all((await lab.getByTestId('racer-value').all()).map(figure));
    expect(Math.min(...losses)).toBeLessThan(0.3);

    await choose(lab, 'directions', 'Random directions');
    await lab.getByTestId('explore-button').click();
    await lab.getByText(/Two random directions/).waitFor();
    await lab.getByTestId('explore-button').waitFor();
  });

  it('cancels an exploration', async () => {
    await typed('explore-epochs', '100000');
    await lab.getByTestId('explore-button').click();
    await lab.getByTestId('cancel-button').click();
    await expect.poll(() => lab.getByTestId('network-status').textContent()).toContain('Cancelled');
  });

  it('measures the noise of gradients by batch size', async () => {
    await lab.getByTestId('mode-noise').click();
    await lab.getByTestId('noise-button').click();
    await lab.getByTestId('noise').getByRole('cell', { name: '256', exact: true }).waitFor();
    await workbench.screenshot('lab noise');
  });

  it('goes on with a new process when its own is killed', async () => {
    await lab.getByTestId('mode-surface').click();
    const running = trainingProcesses();
    expect(running).toHaveLength(1);
    for (const pid of running) process.kill(pid, 'SIGKILL');
    await expect.poll(() => trainingProcesses().length).toBe(0);
    await choose(lab, 'preset', 'Wide exploration');
    await expect.poll(() => lab.getByTestId('racer').count()).toBe(4);
    await expect.poll(() => value('GD')).toBeCloseTo(14.203, 2);
  });

  it('leaves no process behind when it is closed', async () => {
    await workbench.runCommand('View: Close Editor');
    await expect.poll(() => trainingProcesses()).toEqual([]);
  });

  it('shows the contour alone, and says why, where there is no WebGL; and moves in whole steps for who wants less motion', async () => {
    await workbench.page.addInitScript(() => {
      const prototype: { getContext: unknown } = HTMLCanvasElement.prototype;
      prototype.getContext = new Proxy(prototype.getContext as () => unknown, {
        apply: (original, canvas, args: readonly unknown[]): unknown =>
          String(args[0]).startsWith('webgl') ? null : Reflect.apply(original, canvas, [...args]),
      });
    });
    await workbench.page.emulateMedia({ reducedMotion: 'reduce' });
    await workbench.runCommand('MLP Studio: Open Optimizer Lab');
    lab = await workbench.view('lab');
    await lab.getByTestId('contour').waitFor();
    await lab.getByTestId('no-webgl').getByText('There is no WebGL here').waitFor();
    await lab.getByTestId('play-button').click();
    await expect.poll(step).toBeGreaterThan(3);
    await workbench.screenshot('lab without WebGL');
  });

  it('asks for nothing that its security policy forbids', () => {
    expect(workbench.complaints.filter(text => /content security policy/i.test(text))).toEqual([]);
  });
});
