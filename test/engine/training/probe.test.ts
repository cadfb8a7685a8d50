import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explained, reportOfChild } from '../../../engine/training/probe.ts';

it('a device that was found and could not be read back under Electron comes with what would help', () => {
  const unread = { rung: 'WebGPU', passed: false, device: 'Card', reason: 'It gave up.', milliseconds: 1 };
  const missing = { rung: 'headless-gl', passed: false, reason: 'Not installed.', milliseconds: 1 };
  const passed = { ...unread, passed: true };
  expect(explained([unread, missing, passed], { electron: '39.0.0' })).toEqual([
    { ...unread, reason: expect.stringMatching(/^It gave up\. .*Node\.js 20 or newer.*mlpStudio\.nodePath/) as string },
    missing,
    passed,
  ]);
  expect(explained([unread], { node: '24.0.0' })).toEqual([unread]);
});

describe('a way that is tried in a process of its own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-way-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tried = (script: string, most?: number) => {
    const file = path.join(mkdtempSync(path.join(folder, 'cli-')), 'cli.mjs');
    writeFileSync(file, script);
    return reportOfChild(file, 'headless-gl', most);
  };

  it('tells how it went', async () => {
    const report = { rung: 'headless-gl', passed: true, device: 'Card', kind: 'hardware', milliseconds: 7 };
    expect(await tried(`console.log(JSON.stringify({ cpu: '', gpu: [${JSON.stringify(report)}] }))`)).toEqual(report);
  });

  it.each([
    ['ends the process', 'process.exit(3)', 'The graphics driver crashed while it was tried (exit code 3).'],
    ['is killed', "process.kill(process.pid, 'SIGSEGV')", /crashed while it was tried \((SIGSEGV|exit code)/],
    ['talks instead of answering', "console.log('libEGL warning')", 'The graphics driver crashed while it was tried.'],
  ])('lost, in words, where it %s', async (_, script, reason) => {
    const report = await tried(script);
    expect(report).toMatchObject({ rung: 'headless-gl', passed: false });
    expect(report.reason).toMatch(reason);
  });

  it('lost, in words, where it hangs', async () => {
    expect((await tried('setInterval(() => undefined, 1000)', 1500)).reason).toBe(
      'The graphics driver did not answer within 1.5 seconds.',
    );
  });
});
