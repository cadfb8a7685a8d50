import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { trainingEventSchema, type TrainingEvent } from '../../../engine/protocol/events.ts';
import { root } from '../../../scripts/lib/paths.mjs';

/** What `mlp-studio train MODEL --json …` prints. */
export function trainOnCommandLine(model: string, ...more: string[]): TrainingEvent[] {
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'train', model, '--json', ...more], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => trainingEventSchema.parse(JSON.parse(line)));
}
