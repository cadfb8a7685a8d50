/** `npm run check`: types, lint, imports, dead code, format and unit tests. */
import { checks } from './checks.ts';
import { runTool } from './lib/run.ts';

const failed = [...checks, { title: 'unit tests', run: () => runTool('vitest', 'run') }].filter(({ title, run }) => {
  console.log(`\n── ${title}`);
  return !run();
});
console.log(
  failed.length === 0 ? '\nEverything holds.' : `\nNot well: ${failed.map(({ title }) => title).join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
