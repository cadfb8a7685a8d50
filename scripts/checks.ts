import { runTool } from './lib/run.ts';

/** What can be said about the sources without running them. */
export const checks: readonly { readonly title: string; readonly run: () => boolean }[] = [
  { title: 'types', run: () => runTool('tsc', '-b') },
  { title: 'lint', run: () => runTool('eslint', '.') },
  {
    title: 'imports',
    run: () =>
      runTool(
        'depcruise',
        ...['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long'],
        ...['engine', 'extension', 'webview', 'test', 'bench', 'scripts'],
      ),
  },
  { title: 'dead code', run: () => runTool('knip') },
  { title: 'format', run: () => runTool('prettier', '--check', '--log-level', 'warn', '.') },
];
