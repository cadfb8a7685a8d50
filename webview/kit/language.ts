import { config, t } from '@vscode/l10n';

/** The words of the display language, which the host has written into the page; an English page has none. */
const words = typeof document === 'undefined' ? undefined : document.getElementById('language')?.textContent;
if (words) config({ contents: words });

/**
 * A visible text in the display language: `t('{0} rows', countText(rows))`. The words are known before the first view's
 * module runs, so tables of texts may call it too.
 */
export { t };

/** A text of one of the engine's tables in the display language. `npm run l10n` gathers them from the tables. */
export const tableText: (text: string) => string = t;
