import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collectMessages, pseudoBundle } from '../../scripts/lib/messages.ts';
import { root } from '../../scripts/lib/paths.mjs';
import { Workbench } from './support/workbench.ts';

/** A language in which every text stands in brackets, so that what is not translated is seen. */
const language = 'qps-ploc';

describe('in another display language', () => {
  const words = pseudoBundle(collectMessages().bundle);
  const extension = mkdtempSync(path.join(tmpdir(), 'mlp-studio-language-'));
  let workbench: Workbench;
  beforeAll(async () => {
    for (const part of ['package.json', 'package.nls.json', 'dist', 'media', 'schemas', 'examples'])
      cpSync(path.join(root, part), path.join(extension, part), { recursive: true });
    mkdirSync(path.join(extension, 'l10n'));
    writeFileSync(path.join(extension, `l10n/bundle.l10n.${language}.json`), JSON.stringify(words));
    workbench = await Workbench.open({ source: extension, language });
  });
  afterAll(async () => {
    await workbench.close();
    rmSync(extension, { recursive: true, force: true });
  });
  beforeEach(() => workbench.watch());

  it('the designer has its words from the bundle', async () => {
    await workbench.openFromExplorer('two-moons.mlp.json');
    const designer = await workbench.view('designer');
    expect(await designer.locator('html').getAttribute('lang')).toBe(language);
    await designer.getByText(words['Compare'] ?? '', { exact: true }).waitFor();
    await designer.getByTestId('data-card').getByText('400', { exact: true }).waitFor();
    await workbench.screenshot('language designer');
    expect(await plainButtons(designer)).toEqual([]);
  });

  it('the training panel, the status bar and the gradients have theirs', async () => {
    await workbench.runCommand('MLP Studio: Train');
    const training = await workbench.view('training');
    await training.getByText(words['Completed'] ?? '').waitFor({ timeout: 60_000 });
    expect(await training.locator('.pane .title').first().textContent()).toBe(words['Loss']);
    expect(await plainButtons(training)).toEqual([]);
    await workbench.screenshot('language training');
    const gradients = await workbench.openGradients();
    await gradients.getByText(words['Layer'] ?? '', { exact: true }).waitFor();
    await workbench.screenshot('language gradients');
  });

  it.each([
    ['explain', 'MLP Studio: Explain Step', 'Forward'],
    ['comparison', 'MLP Studio: Compare Optimizers', 'Compare'],
    ['sweep', 'MLP Studio: Sweep…', 'Add field'],
    ['lab', 'MLP Studio: Open Optimizer Lab', 'Test surface'],
  ] as const)('the view %s has its own', async (name, command, text) => {
    await workbench.runCommand(command);
    const view = await workbench.view(name);
    await view
      .getByText(words[text] ?? '')
      .first()
      .waitFor();
    await workbench.screenshot(`language ${name}`);
    expect(await plainButtons(view)).toEqual([]);
  });
});

/** Buttons whose name is a word of plain English: names of update rules and symbols are no words. */
async function plainButtons(view: Frame): Promise<string[]> {
  const names = await view
    .locator('.bar button, .bar vscode-button')
    .evaluateAll(buttons => buttons.map(button => button.getAttribute('aria-label') ?? button.textContent.trim()));
  return names.filter(name => /[A-Za-z]{3}/.test(name) && !name.includes('['));
}
