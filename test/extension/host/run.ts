/** What VS Code calls: runs every suite with mocha and writes how it went. */
import { writeFileSync } from 'node:fs';

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: 'dot' });
  // The suites are part of this bundle, so they are handed the globals that a file would find.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./documents.host.ts');
  await import('./edits.host.ts');
  await import('./extension.host.ts');

  const lines: string[] = [];
  const counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  await new Promise<void>(resolve => {
    mocha
      .run(() => resolve())
      .on('pass', test => {
        counts.numPassedTests++;
        lines.push(`ok ${test.fullTitle()}`);
      })
      .on('fail', (test, error: Error) => {
        counts.numFailedTests++;
        lines.push(`FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`);
      })
      .on('pending', test => {
        counts.numPendingTests++;
        lines.push(`skipped ${test.fullTitle()}`);
      });
  });
  const report = process.env['MLP_STUDIO_TEST_REPORT'];
  if (report !== undefined) writeFileSync(report, JSON.stringify({ ...counts, lines }, null, 2));
  if (counts.numFailedTests > 0) throw new Error(`${counts.numFailedTests} tests failed in the extension host.`);
}
