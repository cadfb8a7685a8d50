import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { devicesSchema } from '../../../engine/protocol/devices.ts';
import { buildEntry } from '../../support/buildEntry.ts';
import { modelText } from '../model/modelText.ts';

let cli: string;
let folder: string;
let model: string;

beforeAll(async () => {
  cli = await buildEntry('engine/cli/main.ts');
  folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-cli-'));
  model = path.join(folder, 'moons.mlp.json');
  writeFileSync(model, modelText);
});
afterAll(() => {
  rmSync(path.dirname(cli), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

it('devices says what can compute here, and of every way to a GPU whether it passed, or why it lost', () => {
  const { status, stdout } = run('devices', '--json');
  expect(status).toBe(0);
  const { cpu, gpu } = devicesSchema.parse(JSON.parse(stdout));
  expect(cpu).toMatch(/^CPU, float32, WebAssembly/);
  expect(gpu[0]?.rung).toBe('WebGPU');
  for (const report of gpu) expect(report.passed ? report.kind : report.reason).toBeTruthy();
  expect(run('devices').lines).toHaveLength(1 + gpu.length);
  const alone = devicesSchema.parse(JSON.parse(run('devices', '--json', '--way', 'headless-gl').stdout));
  expect(alone.gpu.map(({ rung }) => rung)).toEqual(['headless-gl']);
  expect(run('devices', '--way', 'hope').stdout).toContain('There is no way "hope" to a GPU.');
  expect(run('devices', 'model.mlp.json').status).toBe(2);
});

it('bench times the steps of a model on all of them', () => {
  const { status, lines } = run('bench', model, '--json');
  expect(status).toBe(0);
  const timings = lines.map(line => JSON.parse(line) as { backend: string; millisecondsPerStep: number });
  expect(timings.slice(0, 2).map(({ backend }) => backend)).toEqual(['reference', 'wasm']);
  for (const { millisecondsPerStep } of timings) expect(millisecondsPerStep).toBeGreaterThan(0);
});
