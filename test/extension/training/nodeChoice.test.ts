import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NodeChoice } from '../../../extension/training/nodeChoice.ts';
import { TrainingProcess } from '../../../extension/training/trainingProcess.ts';
import { buildEntry } from '../../support/buildEntry.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-node-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a program called `node` that does this. */
function programIn(script: string): string {
  const home = mkdtempSync(path.join(folder, 'bin-'));
  const file = path.join(home, 'node');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return home;
}
const nodeThatSays = (version: string) => programIn(`echo ${version}`);
const nothing = () => path.join(folder, 'nothing');
const fileIn = (home: string) => path.join(home, 'node');

const choice = (searchPath: string, configured = '', isElectron = true) =>
  new NodeChoice({ isElectron, configured: () => configured, searchPath });
const browserText = 'VS Code’s own cannot read a GPU back, so the browser behind the editor is asked for its GPU.';

describe.skipIf(process.platform === 'win32')('the Node of a training', () => {
  it('is the editor’s own where that is no Electron, and for models that no GPU trains', () => {
    const home = nodeThatSays('v24.1.0');
    expect(choice(home, '', false).pathFor('gpu')).toBeUndefined();
    expect(choice(home, '', false).text).toBeUndefined();
    expect(choice(home).pathFor('wasm')).toBeUndefined();
    expect(choice(home).pathFor('reference')).toBeUndefined();
  });

  it('is the one on the path where a GPU may train', () => {
    const home = nodeThatSays('v24.1.0');
    const searchPath = [nothing(), home].join(path.delimiter);
    expect(choice(searchPath).pathFor('gpu')).toBe(fileIn(home));
    expect(choice(searchPath).pathFor('auto')).toBe(fileIn(home));
    expect(choice(searchPath).text).toBe(`${fileIn(home)} (Node.js 24) trains where a GPU may be used.`);
  });

  it('is the configured one before that on the path', () => {
    const [onPath, configured] = [nodeThatSays('v24.1.0'), fileIn(nodeThatSays('v22.0.0'))];
    expect(choice(onPath, configured).pathFor('gpu')).toBe(configured);
    expect(choice(onPath, configured).text).toContain(`${configured} (Node.js 22)`);
  });

  it('must not be older than 20, nor than 22 where the CPU may be chosen: its kernels would give other bits', () => {
    expect(choice(nodeThatSays('v18.19.0')).pathFor('gpu')).toBeUndefined();
    expect(choice(nodeThatSays('v20.20.2')).pathFor('gpu')).toBeDefined();
    expect(choice(nodeThatSays('v20.20.2')).pathFor('auto')).toBeUndefined();
  });

  it('is a later one on the path where the first is too old, is no Node, or does not answer', () => {
    const [hangs, recent] = [programIn('sleep 60'), nodeThatSays('v22.3.0')];
    const searchPath = [nodeThatSays('v18.19.0'), nodeThatSays('hello'), hangs, recent].join(path.delimiter);
    expect(choice(searchPath).pathFor('gpu')).toBe(fileIn(recent));
  });

  it('is none where there is none on the path, and it is said what happens then', () => {
    const lost = choice([nothing(), nodeThatSays('v18.19.0'), nodeThatSays('hello')].join(path.delimiter));
    expect(lost.pathFor('gpu')).toBeUndefined();
    expect(lost.text).toBe(`There is no Node.js 20 or newer on the path. ${browserText}`);
  });

  it.each([
    ['is not there', nothing, 'cannot be started'],
    ['is a folder', () => folder, 'cannot be started'],
    ['is another program', () => fileIn(nodeThatSays('hello')), 'is no Node.js'],
    ['is a program that fails', () => fileIn(programIn('exit 3')), 'is no Node.js'],
    ['is too old', () => fileIn(nodeThatSays('v18.19.0')), 'is Node.js 18; 20 or newer is needed'],
    ['hangs', () => fileIn(programIn('sleep 60')), 'did not say its version within 2 seconds'],
  ])('that is configured and %s is not replaced by that on the path, and its fault is named', (_, place, fault) => {
    const configured = place();
    const lost = choice(nodeThatSays('v24.1.0'), configured);
    expect(lost.pathFor('gpu')).toBeUndefined();
    expect(lost.text).toBe(`The setting mlpStudio.nodePath names ${configured}, which ${fault}. ${browserText}`);
  });

  it('that was not there is found once it is installed', () => {
    const home = path.join(folder, 'later');
    const late = choice(home);
    expect(late.pathFor('gpu')).toBeUndefined();
    mkdirSync(home);
    writeFileSync(fileIn(home), '#!/bin/sh\necho v24.0.0\n');
    chmodSync(fileIn(home), 0o755);
    expect(late.pathFor('gpu')).toBe(fileIn(home));
  });
});

describe('a training process with a Node of its own', () => {
  let entry: string;
  const started: TrainingProcess[] = [];
  beforeAll(async () => {
    entry = await buildEntry('engine/process/main.ts');
  });
  afterAll(() => rmSync(path.dirname(entry), { recursive: true, force: true }));
  afterEach(() => {
    for (const training of started.splice(0)) training.dispose();
  });

  const begin = (node: string | undefined) => {
    const listener = { events: () => undefined, responsive: () => undefined };
    const log = { info: () => undefined, warn: () => undefined };
    const training = new TrainingProcess(entry, listener, log, { node });
    started.push(training);
    return training;
  };

  it('runs in the very Node that was configured, and tells what can compute there', async () => {
    const named = choice('', process.execPath).pathFor('gpu');
    expect(named).toBe(process.execPath);
    const { cpu, gpu } = await begin(named).trainer.describeDevices();
    expect(cpu).toMatch(/^CPU, float32, WebAssembly/);
    expect(gpu.map(({ rung }) => rung)).toEqual(['WebGPU', 'headless-gl']);
  });

  it('ends, and its calls with it, where that Node went away after it was chosen', async () => {
    const training = begin(nothing());
    await expect(training.trainer.describeDevices()).rejects.toMatchObject({ code: 'process-ended' });
    await training.ended;
  });
});
