/** Every test there is, one stage after the other; ends with one line that counts them. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checks } from './checks.ts';
import { ensureChromium } from './lib/chromium.ts';
import { root } from './lib/paths.mjs';
import { runScript, runTool } from './lib/run.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const reports = path.join(root, 'test-results');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const total: Counts = { passed: 0, failed: 0, skipped: 0 };

function stage(title: string, run: () => Counts): void {
  console.log(`\n━━ ${title}`);
  const started = performance.now();
  const { passed, failed, skipped } = run();
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`   ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${seconds} s`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

const asCount = (succeeded: boolean): Counts => ({ passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 });

/** The counts of a report in Jest's format; a report that is missing or empty counts as a failure. */
function readReport(file: string, succeeded: boolean): Counts {
  if (!existsSync(file)) return asCount(false);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  const counts = {
    passed: report['numPassedTests'] ?? 0,
    failed: report['numFailedTests'] ?? 0,
    skipped: (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0),
  };
  // A file that does not load fails without failing a test.
  if (!succeeded && counts.failed === 0) counts.failed = 1;
  return counts;
}

function vitest(name: string, ...args: string[]): Counts {
  const report = path.join(reports, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return readReport(report, runTool('vitest', 'run', ...reporters, ...args));
}

for (const { title, run } of checks) stage(title, () => asCount(run()));
stage('unit, contract and golden tests', () => vitest('unit'));
stage('package', () => asCount(runScript('package.ts')));
stage('browser', () => {
  try {
    ensureChromium();
    return asCount(true);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return asCount(false);
  }
});
stage('tests in the extension host', () => {
  const succeeded = runScript('testHost.ts');
  return readReport(path.join(reports, 'host.json'), succeeded);
});
stage('journeys in VS Code', () => vitest('journeys', '--config', 'test/e2e/vitest.config.ts'));

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
