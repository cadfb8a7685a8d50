import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';

/** For each rule, a file and an import that break it, and an import beside it that does not. */
const cases = [
  ['engine-model', 'engine/model/a.ts', '../protocol/x.ts', './x.ts'],
  ['engine-protocol', 'engine/protocol/a.ts', '../training/x.ts', '../model/x.ts'],
  ['engine-files', 'engine/files/a.ts', '../training/x.ts', '../model/x.ts'],
  ['engine-backends', 'engine/backends/a.ts', '../network/x.ts', '../model/x.ts'],
  ['engine-optimizers', 'engine/optimizers/a.ts', '../network/x.ts', '../backends/x.ts'],
  ['engine-data', 'engine/data/a.ts', '../network/x.ts', '../backends/x.ts'],
  ['engine-network', 'engine/network/a.ts', '../training/x.ts', '../optimizers/x.ts'],
  ['engine-export', 'engine/export/a.ts', '../training/x.ts', '../network/x.ts'],
  ['engine-training', 'engine/training/a.ts', '../cli/x.ts', '../network/x.ts'],
  ['engine-landscape', 'engine/landscape/a.ts', '../cli/x.ts', '../training/x.ts'],
  ['engine-diagnosis', 'engine/diagnosis/a.ts', '../process/x.ts', '../training/x.ts'],
  ['engine-worker', 'engine/worker/a.ts', '../cli/x.ts', '../training/x.ts'],
  ['worker-is-an-entry', 'engine/training/e.ts', '../worker/x.ts', '../network/x.ts'],
  ['process-is-an-entry', 'extension/a.ts', '../engine/process/x.ts', '../engine/protocol/x.ts'],
  ['command-line-is-an-entry', 'engine/process/a.ts', '../cli/x.ts', '../training/x.ts'],
  ['engine-stands-alone', 'engine/process/b.ts', '../../extension/x.ts', '../training/x.ts'],
  ['extension-through-protocol', 'extension/b.ts', '../engine/training/x.ts', '../engine/model/x.ts'],
  ['webview-through-protocol', 'webview/designer/a.ts', '../../extension/x.ts', '../../engine/model/x.ts'],
  ['kit-stands-alone', 'webview/kit/a.ts', '../designer/x.ts', './x.ts'],
  ['views-stand-alone', 'webview/training/a.ts', '../designer/x.ts', '../kit/x.ts'],
  ['tests-are-leaves', 'engine/training/b.ts', '../../test/x.ts', '../network/x.ts'],
  ['form-controls-in-kit', 'webview/training/b.ts', '@vscode/webview-ui-toolkit', '../kit/x.ts'],
  ['three-in-the-lab', 'webview/training/c.ts', 'three', '../kit/x.ts'],
  ['gpu-in-its-backend', 'engine/training/c.ts', 'gpu.js', '../network/x.ts'],
  ['vscode-in-extension', 'engine/training/d.ts', 'vscode', '../network/x.ts'],
  ['portable', 'engine/model/b.ts', 'node:fs', './x.ts'],
  ['browser-has-no-node', 'webview/kit/b.ts', 'node:fs', './x.ts'],
  ['no-cycles', 'engine/network/c.ts', './c2.ts', './x.ts'],
  ['everything-resolves', 'engine/network/d.ts', './nowhere.ts', './x.ts'],
] as const;

const folders = [
  ...[
    'model',
    'protocol',
    'files',
    'backends',
    'optimizers',
    'data',
    'network',
    'export',
    'training',
    'landscape',
    'diagnosis',
    'worker',
    'process',
    'cli',
  ].map(name => `engine/${name}`),
  ...['extension', 'webview/kit', 'webview/designer', 'webview/training', 'test', 'bench', 'scripts'],
];

describe('the import linter', () => {
  let folder: string;
  let broken: readonly { readonly rule: string; readonly from: string; readonly to: string }[];

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'mlp-studio-imports-')));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    };
    for (const name of folders) write(`${name}/x.ts`, 'export const x = 1;\n');
    for (const name of ['gpu.js', 'three', '@vscode/webview-ui-toolkit']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    write(
      'package.json',
      JSON.stringify({ dependencies: { 'gpu.js': '*', three: '*', '@vscode/webview-ui-toolkit': '*' } }),
    );
    for (const [, file, wrong, right] of cases) write(file, `import '${wrong}';\nimport '${right}';\n`);
    write('engine/network/c2.ts', "import './c.ts';\n");
    const { output } = await cruise(['.'], {
      ...configuration.options,
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden: configuration.forbidden as IForbiddenRuleType[] },
    });
    broken = (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is asked about every rule there is', () => {
    expect(cases.map(([rule]) => rule).toSorted()).toEqual(configuration.forbidden.map(({ name }) => name).toSorted());
  });

  it.each(cases)('%s: %s may not import %s, but may import %s', (rule, file, _, right) => {
    const found = broken.filter(({ from }) => from === file);
    expect(found.map(violation => violation.rule)).toContain(rule);
    const target = path.posix.join(path.posix.dirname(file), right);
    expect(found.filter(({ to }) => to === target)).toEqual([]);
  });
});
