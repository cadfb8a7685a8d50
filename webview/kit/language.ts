import * as l10n from '@vscode/l10n';

/** The words of the display language, which the host has written into the page; an English page has none. */
const words = typeof document === 'undefined' ? undefined : document.getElementById('language')?.textContent;
if (words) l10n.config({ contents: words });

/**
 * A visible text in the display language: `t('{0} rows', countText(rows))`. The words are known before the first view's
 * module runs, so tables of texts may call it too.
 */
export const { t } = l10n;

/** A text of one of the engine's tables in the display language. `npm run l10n` gathers them from the tables. */
export const tableText = (text: string): string => l10n.t(text);
