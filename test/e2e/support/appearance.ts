import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong in a view, serious or worse. The figures inside a drawn layer are not its label,
 * so its name need not repeat them; the rule that wants this is left out.
 */
export async function violations(view: Frame): Promise<string[]> {
  await view.evaluate(axeSource);
  const { violations: found } = await view.evaluate<AxeResults>(
    "axe.run(document.body, { rules: { 'label-content-name-mismatch': { enabled: false } } })",
  );
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Each theme by its title, and the class that it puts on the body of a view. */
export const themes = [
  ['dark', 'Dark Modern', 'vscode-dark'],
  ['light', 'Light Modern', 'vscode-light'],
  ['high contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['high contrast light', 'Light High Contrast', 'vscode-high-contrast-light'],
] as const;
