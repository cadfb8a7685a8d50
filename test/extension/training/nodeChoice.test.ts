import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeChoice } from '../../../extension/training/nodeChoice.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-node-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a program called `node` that says this version. */
function nodeThatSays(version: string): string {
  const home = mkdtempSync(path.join(folder, 'bin-'));
  const file = path.join(home, 'node');
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
  chmodSync(file, 0o755);
  return home;
}

const choice = (searchPath: string, configured = '', isElectron = true) =>
  new NodeChoice({ isElectron, configured: () => configured, searchPath });

describe.skipIf(process.platform === 'win32')('the Node of a training', () => {
  it('is the editor’s own where that is no Electron, and for models that no GPU trains', () => {
    const home = nodeThatSays('v24.1.0');
    expect(choice(home, '', false).pathFor('gpu')).toBeUndefined();
    expect(choice(home).pathFor('wasm')).toBeUndefined();
    expect(choice(home).pathFor('reference')).toBeUndefined();
  });

  it('is the one on the path where a GPU may train', () => {
    const home = nodeThatSays('v24.1.0');
    const searchPath = [path.join(folder, 'nothing'), home].join(path.delimiter);
    expect(choice(searchPath).pathFor('gpu')).toBe(path.join(home, 'node'));
    expect(choice(searchPath).pathFor('auto')).toBe(path.join(home, 'node'));
  });

  it('is the configured one before that on the path', () => {
    const [onPath, configured] = [nodeThatSays('v24.1.0'), path.join(nodeThatSays('v22.0.0'), 'node')];
    expect(choice(onPath, configured).pathFor('gpu')).toBe(configured);
  });

  it('must not be older than 20, nor than 22 where the CPU may be chosen: its kernels would give other bits', () => {
    expect(choice(nodeThatSays('v18.19.0')).pathFor('gpu')).toBeUndefined();
    expect(choice(nodeThatSays('v20.20.2')).pathFor('gpu')).toBeDefined();
    expect(choice(nodeThatSays('v20.20.2')).pathFor('auto')).toBeUndefined();
  });

  it('is none where there is none, or something else under its name', () => {
    expect(choice(path.join(folder, 'nothing')).pathFor('gpu')).toBeUndefined();
    expect(choice(nodeThatSays('hello')).pathFor('gpu')).toBeUndefined();
    expect(choice('', path.join(folder, 'missing')).pathFor('gpu')).toBeUndefined();
  });
});
