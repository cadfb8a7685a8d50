import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Workbench, type ViewName } from './support/workbench.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong in a view, serious or worse. */
async function violations(view: Frame): Promise<string[]> {
  await view.evaluate(axeSource);
  const { violations: found } = await view.evaluate<AxeResults>('axe.run(document.body)');
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high contrast': 'Default High Contrast',
  'high contrast light': 'Default High Contrast Light',
};

describe.each(Object.entries(themes))('in the %s theme', (name, theme) => {
  it.each([1280, 700])('every view is there, accessible, and free of complaints, %i pixels wide', async width => {
    const workbench = await Workbench.open({ width, settings: { 'workbench.colorTheme': theme } });
    workbench.watch();
    try {
      await workbench.openFromExplorer('two-moons.mlp.json');
      const designer = await workbench.view('designer');
      await designer.getByTestId('data-card').getByText('400', { exact: true }).waitFor();
      if (width < 900) await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
      await designer.getByTestId('layer-hidden1').click();
      await workbench.screenshot(`designer ${name} ${width}`);

      await workbench.runCommand('MLP Studio: Train');
      const training = await workbench.view('training');
      await training.getByTestId('end-reason').waitFor();
      await workbench.screenshot(`training ${name} ${width}`);

      await workbench.runCommand('Gradients: Focus on Gradients View');
      const gradients = await workbench.view('gradients');
      await gradients.getByTestId('gradient-row').first().waitFor();
      await workbench.screenshot(`gradients ${name} ${width}`);

      const views: [ViewName, Frame][] = [
        ['designer', await workbench.view('designer')],
        ['training', training],
        ['gradients', gradients],
      ];
      for (const [view, frame] of views) expect.soft(await violations(frame), view).toEqual([]);
      expect(workbench.complaints.filter(text => /content security|CSP/i.test(text))).toEqual([]);
    } finally {
      await workbench.close();
    }
  });
});
