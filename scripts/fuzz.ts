/** `npm run fuzz [cases]`: every parser with many more cases than `npm test` takes, for the night. */
import { runTool } from './lib/run.ts';

const [cases = '100000'] = process.argv.slice(2);
process.env['FUZZ_RUNS'] = cases;
process.exitCode = runTool('vitest', 'run', 'test/fuzz', '--testTimeout', '0') ? 0 : 1;
