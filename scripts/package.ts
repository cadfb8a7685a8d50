/** `npm run package`: builds for production and makes the .vsix that VS Code installs. */
import { vsixFile } from './lib/paths.mjs';
import { runScript, runTool } from './lib/run.ts';

const built = runScript('build.mjs', '--production');
// Everything is bundled, so no package needs to come along.
const packaged =
  built &&
  runTool(
    'vsce',
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsixFile,
  );
process.exitCode = packaged ? 0 : 1;
