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

const reportOf = (name: string) => path.join(reports, `${name}.json`);

function vitest(name: string, ...args: string[]): Counts {
  const report = reportOf(name);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return readReport(report, runTool('vitest', 'run', ...reporters, ...args));
}

/** Files of a report with a test that failed, or that did not load. */
function failedFiles(name: string): string[] {
  if (!existsSync(reportOf(name))) return [];
  const { testResults } = JSON.parse(readFileSync(reportOf(name), 'utf8')) as {
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  };
  return testResults.filter(({ status }) => status === 'failed').map(file => file.name);
}

/**
 * Journeys through a whole browser and editor: a file with a failure is gone through once more from its beginning, in an editor of its
 * own, because a machine may stall. What fails twice has failed.
 */
function journeys(): Counts {
  const config = ['--config', 'test/e2e/vitest.config.ts'];
  const first = vitest('journeys', ...config);
  const failed = failedFiles('journeys');
  if (first.failed === 0 || failed.length === 0) return first;
  console.log(`   Once more, from the beginning: ${failed.map(file => path.basename(file)).join(', ')}`);
  const again = vitest('journeys-again', ...config, ...failed);
  const inFailedFiles = testsIn('journeys', failed);
  return {
    passed: first.passed - inFailedFiles.passed + again.passed,
    failed: again.failed,
    skipped: first.skipped - inFailedFiles.skipped + again.skipped,
  };
}

/** Counts of some files of a report. */
function testsIn(name: string, files: readonly string[]): Counts {
  const { testResults } = JSON.parse(readFileSync(reportOf(name), 'utf8')) as {
    readonly testResults: readonly {
      readonly name: string;
      readonly assertionResults: readonly { readonly status: string }[];
    }[];
  };
  const statuses = testResults
    .filter(file => files.includes(file.name))
    .flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (...wanted: string[]) => statuses.filter(status => wanted.includes(status)).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('pending', 'skipped', 'todo') };
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
stage('journeys in VS Code', journeys);

console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
