import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { trainingEventSchema, type TrainingEvent } from '../../../engine/protocol/events.ts';
import { root } from '../../../scripts/lib/paths.mjs';

/** What `mlp-studio …` prints. */
export const runOnCommandLine = (...args: string[]): string =>
  spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).stdout;

/** What `mlp-studio train MODEL --json …` prints. */
export function trainOnCommandLine(model: string, ...more: string[]): TrainingEvent[] {
  return runOnCommandLine('train', model, '--json', ...more)
    .trim()
    .split('\n')
    .map(line => trainingEventSchema.parse(JSON.parse(line)));
}
