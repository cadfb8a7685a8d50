import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingEventSchema } from '../../engine/protocol/events.ts';
import { cellFolder, cellsOf, experimentRecordSchema } from '../../engine/protocol/experiment.ts';
import { RunTally } from '../../engine/protocol/runTally.ts';
import { fairStart, standings } from '../../engine/protocol/standings.ts';
import { root } from '../../scripts/lib/paths.mjs';
import { themes, violations } from './support/appearance.ts';
import { trainingProcesses } from './support/trainingProcesses.ts';
import { Workbench } from './support/workbench.ts';

const long = readFileSync(path.join(root, 'examples/spiral.mlp.json'), 'utf8')
  .replace(/"epochs": \d+/, '"epochs": 1000000')
  .replace(/"name": "[^"]*"/, '"name": "Long"');

/** The latest experiment of a model, as its files tell it: nothing of the panel's. */
function filesOf(folder: string, model: string, suffix: string, file: string) {
  const parent = path.join(folder, '.mlp-runs', model);
  const names = readdirSync(parent).filter(name => name.endsWith(suffix));
  const directory = path.join(parent, names.sort().at(-1) ?? '');
  const record = experimentRecordSchema.parse(JSON.parse(readFileSync(path.join(directory, file), 'utf8')));
  const runs = cellsOf(record).flatMap(cell => {
    const tally = new RunTally(cell);
    const metrics = path.join(directory, cellFolder(record, cell), 'metrics.jsonl');
    if (!existsSync(metrics)) return [];
    const text = readFileSync(metrics, 'utf8');
    for (const line of text.trimEnd().split('\n')) tally.add([trainingEventSchema.parse(JSON.parse(line))]);
    return tally.result ? [{ result: tally.result, points: tally.points }] : [];
  });
  return { record, runs };
}

const status = (view: Frame, name: string) => view.getByTestId('status').getAttribute(`data-${name}`);

async function waitForEnd(view: Frame): Promise<void> {
  await expect.poll(() => status(view, 'phase'), { timeout: 90_000 }).toBe('idle');
}

describe('optimizers compared on two moons', () => {
  let workbench: Workbench;
  let view: Frame;
  let file: string;
  let original: string;

  beforeAll(async () => {
    workbench = await Workbench.open({ files: { 'long.mlp.json': long } });
    file = path.join(workbench.folder, 'two-moons.mlp.json');
    original = readFileSync(file, 'utf8');
    await workbench.openFromExplorer('two-moons.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Compare Optimizers');
    view = await workbench.view('comparison');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('proposes the optimizers of the article, gradient descent with one row, some and all of them', async () => {
    const checked = view.locator('.contestant').filter({ has: view.locator('vscode-checkbox[aria-checked="true"]') });
    await expect.poll(() => checked.count()).toBe(7);
    expect(await view.getByTestId('contestant-gradientDescent').innerText()).toContain('all rows');
    expect(await view.getByTestId('contestant-stochastic').innerText()).toContain('1 row');
    expect(await view.getByTestId('contestant-minibatch').innerText()).toContain('16 rows');
    expect(await view.getByTestId('rate-adam').locator('input').inputValue()).toBe('0.02');
    await workbench.screenshot('comparison setup');
    expect(await violations(view)).toEqual([]);
  });

  it('draws the curves while the runs go on, several processes at a time', async () => {
    await view.getByTestId('run-button').click();
    const chart = view.getByTestId('comparison-chart').locator('canvas');
    await chart.waitFor();
    expect(await status(view, 'phase')).toBe('running');
    expect(trainingProcesses().length).toBeGreaterThan(1);
    expect(await chart.getAttribute('aria-label')).toMatch(
      /Validation loss by epoch, mean over the seeds, at the end: \w+ [\d.]+/,
    );
    await waitForEnd(view);
    expect(await status(view, 'done')).toBe('21');
  });

  it('ranks as the files say, every optimizer of a seed beginning with the same weights', async () => {
    const { record, runs } = filesOf(workbench.folder, 'Two moons', '-compare', 'comparison.json');
    expect(record).toMatchObject({ status: 'completed', seeds: [42, 43, 44] });
    expect(runs).toHaveLength(21);
    const target = Number(await view.getByTestId('target').locator('input').inputValue());
    const ranking = standings(runs, target);
    expect(ranking).toHaveLength(7);
    for (const [i, { variant, bestLoss, stepsToTarget }] of ranking.entries()) {
      const row = view.getByTestId(`rank-${record.variants[variant]?.name ?? ''}`);
      expect(await row.getAttribute('data-place')).toBe(String(i + 1));
      expect(Number(await row.getAttribute('data-best'))).toBe(bestLoss.mean);
      expect(await row.getAttribute('data-steps')).toBe(stepsToTarget === undefined ? null : String(stepsToTarget));
    }
    expect(fairStart(runs.map(({ result }) => result))).toEqual({ alike: [42, 43, 44], different: [] });
    await expect.poll(() => view.getByTestId('fair-start').getAttribute('data-value')).toBe('alike');
  });

  it('shows the same runs by gradient evaluations, by time, as accuracy, and as a table', async () => {
    const summary = () => view.getByTestId('comparison-chart').locator('canvas').getAttribute('aria-label');
    await view.getByTestId('axis').getByText('Gradient evaluations').click();
    await expect.poll(summary).toContain('by gradient evaluations');
    await workbench.screenshot('comparison by gradient evaluations');
    await view.getByTestId('axis').getByText('Wall time').click();
    await expect.poll(summary).toContain('by seconds of training');
    await view.getByTestId('measure').getByText('Accuracy').click();
    await expect.poll(summary).toMatch(/^Accuracy .*%/);
    await view.getByTestId('measure').getByText('Loss').click();
    await view.getByTestId('axis').getByText('Epoch').click();
    await view.getByTestId('table-button').click();
    await expect.poll(() => view.locator('.table tbody tr').count()).toBeGreaterThan(10);
    expect(await violations(view)).toEqual([]);
    await view.getByTestId('table-button').click();
  });

  it.each(themes)('is accessible in the %s theme, wide and narrow', async (name, theme) => {
    await workbench.useTheme(theme);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await view.getByTestId('comparison-chart').waitFor();
    await workbench.screenshot(`comparison ${name} 1280`);
    expect(await violations(view)).toEqual([]);
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await workbench.screenshot(`comparison ${name} 700`);
    expect(await violations(view)).toEqual([]);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  });

  it('Use this optimizer changes the model in one undo step', async () => {
    await view.getByTestId('rank-stochastic').locator('.pick').click();
    await view.getByTestId('rank-stochastic').getByTestId('use-button').click();
    await workbench.runCommand('File: Save All Files');
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"batchSize": 1 ');
    expect(readFileSync(file, 'utf8')).toContain('"optimizer": { "type": "sgd", "learningRate": 0.01 }');
    await workbench.page.locator('.tab', { hasText: 'two-moons.mlp.json' }).click();
    const designer = await workbench.view('designer');
    await designer.getByTestId('loss-card').click();
    await workbench.page.keyboard.press('Control+z');
    await workbench.runCommand('File: Save All Files');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(original);
  });

  it('tunes the learning rates: each optimizer takes the one whose range test was best', async () => {
    await workbench.page.locator('.tab', { hasText: 'Compare two-moons' }).click();
    view = await workbench.view('comparison');
    await view.getByTestId('setup-button').click();
    for (const name of ['stochastic', 'minibatch', 'momentum', 'adagrad', 'rmsprop'])
      await view.getByTestId(`contestant-${name}`).locator('vscode-checkbox').click();
    await view.getByTestId('tune-button').click();
    await expect.poll(() => status(view, 'phase')).toBe('tuning');
    expect(await status(view, 'total')).toBe('30');
    await waitForEnd(view);
    await expect.poll(() => view.getByTestId('rates').locator('[aria-pressed="true"]').innerText()).toBe('Tuned');
    const summary = await view.getByTestId('contestant-gradientDescent').locator('.trials').getAttribute('aria-label');
    const rate = await view.getByTestId('rate-gradientDescent').locator('input').inputValue();
    expect(summary).toContain(`at ${rate}`);
    expect(Number(rate)).toBeGreaterThan(0.01);
    await workbench.screenshot('comparison tuned');
    expect(readdirSync(path.join(workbench.folder, '.mlp-runs/Two moons'))).toHaveLength(1);
  });

  it('shows its results again after the window has been reloaded', async () => {
    const best = await view.getByTestId('rank-adam').getAttribute('data-best');
    await workbench.page.reload();
    // A tab behind another has no page until it is looked at.
    await workbench.page.locator('.tab', { hasText: 'Compare two-moons' }).click();
    view = await workbench.view('comparison');
    await expect.poll(() => view.getByTestId('rank-adam').getAttribute('data-best')).toBe(best);
    expect(await status(view, 'done')).toBe('21');
    await view.getByTestId('comparison-chart').waitFor();
  });

  it('goes on without a process that is killed, and stops when asked to', async () => {
    await workbench.openFromExplorer('long.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Compare Optimizers');
    await expect
      .poll(async () => {
        view = await workbench.view('comparison');
        return view.getByTestId('run-button').innerText();
      })
      .toContain('Compare');
    await view.getByTestId('run-button').click();
    await view.getByTestId('comparison-chart').waitFor();
    await expect.poll(() => trainingProcesses().length).toBeGreaterThan(0);
    process.kill(trainingProcesses()[0] ?? 0, 'SIGKILL');
    await view.getByText('1 diverged or failed').waitFor();
    expect(await status(view, 'phase')).toBe('running');
    await view.getByTestId('stop-button').click();
    await waitForEnd(view);
    await expect.poll(() => trainingProcesses()).toEqual([]);
    const { record } = filesOf(workbench.folder, 'Long', '-compare', 'comparison.json');
    expect(record.status).toBe('stopped');
    expect(record.results.map(({ reason }) => reason).sort()).toContain('failed');
  });
});

describe('a sweep', () => {
  let workbench: Workbench;
  let view: Frame;

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFromExplorer('xor.mlp.json');
    await workbench.view('designer');
    await workbench.runCommand('MLP Studio: Sweep');
    view = await workbench.view('sweep');
  });
  afterAll(() => workbench.close());
  beforeEach(() => workbench.watch());

  it('keeps wrong values in sight and says what is wrong with them', async () => {
    const values = view.getByTestId('values-0').locator('input');
    await values.fill('log:1..0.1');
    await view.getByText('is no range').waitFor();
    await values.press('Escape');
    await expect.poll(() => values.inputValue()).toBe('log:1e-4..1e-1');
    await expect.poll(() => view.getByTestId('run-count').innerText()).toBe('8 runs');
  });

  it('trains every combination and ranks them as the files do', async () => {
    await view.getByTestId('run-button').click();
    await expect.poll(() => status(view, 'done'), { timeout: 60_000 }).toBe('8');
    await waitForEnd(view);
    const { record, runs } = filesOf(workbench.folder, 'XOR', '-sweep', 'sweep.json');
    expect(record.status).toBe('completed');
    const shown = await view
      .getByTestId('result-row')
      .evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-best'))));
    expect(shown).toEqual(standings(runs, undefined).map(({ bestLoss }) => bestLoss.mean));
    await view.getByTestId('results').getByRole('button', { name: 'optimizer.learningRate' }).click();
    const variants = () =>
      view.getByTestId('result-row').evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-variant'))));
    await expect.poll(variants).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await view.getByTestId('parallel-plot').locator('canvas').getAttribute('aria-label')).toMatch(
      /^8 combinations of optimizer\.learningRate, training\.batchSize\. Best loss/,
    );
  });

  it.each(themes)('is accessible in the %s theme, wide and narrow', async (name, theme) => {
    await workbench.useTheme(theme);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await view.getByTestId('parallel-plot').waitFor();
    await workbench.screenshot(`sweep ${name} 1280`);
    expect(await violations(view)).toEqual([]);
    await workbench.page.setViewportSize({ width: 700, height: 800 });
    await workbench.screenshot(`sweep ${name} 700`);
    expect(await violations(view)).toEqual([]);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  });

  it('writes the chosen values into the model', async () => {
    await view.getByTestId('result-row').first().locator('.pick').click();
    await view.getByTestId('use-button').click();
    await workbench.runCommand('File: Save All Files');
    const file = path.join(workbench.folder, 'xor.mlp.json');
    await expect.poll(() => readFileSync(file, 'utf8')).toMatch(/"learningRate": 0\.0001\b/);
  });

  it('no view asks for what its security policy forbids', () => {
    expect(workbench.complaints.filter(text => /content security policy/i.test(text))).toEqual([]);
  });
});
