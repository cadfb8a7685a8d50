import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';

/** Files that break a rule of the house, and the line that breaks it. */
const offences = [
  ['the model uses the DOM', 'engine/model/dom.ts', 'export const title = document.title;'],
  [
    'the model uses Node',
    'engine/model/node.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
  ],
  ['the protocol uses a global of Node', 'engine/protocol/global.ts', 'export const id = process.pid;'],
  ['the protocol imports the loop', 'engine/protocol/loop.ts', "export { inner } from '../training/inner.ts';"],
  [
    'the engine imports VS Code',
    'engine/training/editor.ts',
    "import * as vscode from 'vscode';\nexport const version = vscode.version;",
  ],
  ['the engine imports the extension', 'engine/training/host.ts', "export { lone } from '../../extension/lone.ts';"],
  ['the engine uses the DOM', 'engine/training/page.ts', 'export const page = document.body;'],
  ['the worker uses Node', 'engine/worker/node.ts', "export { readFileSync } from 'node:fs';"],
  ['the worker uses a page', 'engine/worker/page.ts', 'export const page = document.body;'],
  ['the extension imports the loop', 'extension/loop.ts', "export { inner } from '../engine/training/inner.ts';"],
  ['the extension imports a view', 'extension/view.ts', "export { view } from '../webview/kit/view.ts';"],
  ['the extension uses the DOM', 'extension/page.ts', 'export const page = document.body;'],
  ['a view imports the loop', 'webview/kit/loop.ts', "export { inner } from '../../engine/training/inner.ts';"],
  ['a view imports the extension', 'webview/kit/host.ts', "export { lone } from '../../extension/lone.ts';"],
  [
    'a view uses Node',
    'webview/kit/node.ts',
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
  ],
  [
    'a view imports VS Code',
    'webview/kit/editor.ts',
    "import * as vscode from 'vscode';\nexport const version = vscode.version;",
  ],
] as const;

/** Files that keep every rule. */
const sound = {
  'engine/model/shape.ts': 'export const shape = 1;',
  'engine/protocol/call.ts': "export { shape } from '../model/shape.ts';",
  'engine/training/inner.ts': "export { shape as inner } from '../model/shape.ts';",
  'engine/training/node.ts': 'export const id = process.pid;',
  'engine/worker/canvas.ts':
    "export { inner } from '../training/inner.ts';\nexport const canvas = new OffscreenCanvas(1, 1);",
  'extension/extension.ts': 'export const extension = 1;',
  'extension/lone.ts': 'export const lone = 1;',
  'extension/host.ts':
    "import * as vscode from 'vscode';\nexport { shape as host } from '../engine/protocol/call.ts';\nexport const version = vscode.version;",
  'webview/kit/view.ts': "export { shape as view } from '../../engine/protocol/call.ts';",
  'webview/kit/sound.ts': 'export const page = document.body;',
};

describe('the compiler', () => {
  let folder: string;
  let output: string;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-rules-'));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    for (const file of ['tsconfig.base.json', 'package.json']) cpSync(path.join(root, file), path.join(folder, file));
    for (const config of [
      'engine/tsconfig.portable.json',
      'engine/tsconfig.json',
      'engine/worker/tsconfig.json',
      'extension/tsconfig.json',
      'webview/tsconfig.json',
    ])
      cpSync(path.join(root, config), path.join(folder, config));
    for (const [file, text] of Object.entries(sound)) write(file, text);
    for (const [, file, text] of offences) write(file, text);
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const projects = ['engine/tsconfig.portable.json', 'engine', 'engine/worker', 'extension', 'webview'];
    output = spawnSync(process.execPath, [tsc, '-b', '--pretty', 'false', ...projects], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(offences)('refuses that %s', (_, file) => {
    expect(output).toContain(`${file}(`);
  });

  it.each(Object.keys(sound))('accepts %s, which keeps the rules', file => {
    expect(output).not.toContain(`${file}(`);
  });
});
