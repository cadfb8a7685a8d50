#!/usr/bin/env node
/** The command line: a thin host of the same trainer that the editor uses. */
import { EngineError, type EngineErrorCode } from '../model/errors.ts';
import { version } from '../training/version.ts';
import { bench, usage as benchUsage } from './commands/bench.ts';
import { compare, usage as compareUsage } from './commands/compare.ts';
import { devices, usage as devicesUsage } from './commands/devices.ts';
import { evaluate, evaluateUsage, gradcheck, gradcheckUsage, predict, predictUsage } from './commands/inspect.ts';
import { race, usage as raceUsage } from './commands/race.ts';
import { train, usage as trainUsage } from './commands/train.ts';
import { usage as validateUsage, validate } from './commands/validate.ts';

interface Command {
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly usage: string;
  readonly summary: string;
}

const commands = new Map<string, Command>([
  ['train', { run: train, usage: trainUsage, summary: 'trains a model' }],
  ['compare', { run: compare, usage: compareUsage, summary: 'trains under several optimizers and ranks them' }],
  ['race', { run: race, usage: raceUsage, summary: 'lets optimizers run over a test surface' }],
  ['validate', { run: validate, usage: validateUsage, summary: 'prints what is wrong with models' }],
  ['evaluate', { run: evaluate, usage: evaluateUsage, summary: 'measures trained weights on every split' }],
  ['predict', { run: predict, usage: predictUsage, summary: 'predicts the rows of a CSV file' }],
  [
    'gradcheck',
    { run: gradcheck, usage: gradcheckUsage, summary: 'compares backpropagation with central differences' },
  ],
  [
    'bench',
    { run: bench, usage: benchUsage, summary: 'times the steps of a model on everything that can compute here' },
  ],
  [
    'devices',
    { run: devices, usage: devicesUsage, summary: 'prints what can compute here, what was tried, and why it lost' },
  ],
]);

/** Wrong usage is 2, a wrong model or wrong data 3; whatever fails later is 1. */
const exitCodes: Partial<Record<EngineErrorCode, number>> = {
  'wrong-usage': 2,
  'invalid-model': 3,
  'invalid-data': 3,
  'invalid-weights': 3,
  'shape-mismatch': 3,
  'invalid-run': 3,
  'data-changed': 3,
  'memory-limit': 3,
  'file-not-readable': 3,
  'backend-unavailable': 3,
};

function help(): string {
  const rows = [...commands].map(
    ([name, { summary, usage }]) => `  ${name.padEnd(10)} ${summary}\n             mlp-studio ${usage}`,
  );
  return `MLP Studio ${version}\n\n${rows.join('\n')}\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === '--help' || name === 'help' || rest.includes('--help')) {
    process.stdout.write(help());
    return 0;
  }
  const command = name === undefined ? undefined : commands.get(name);
  if (!command)
    throw new EngineError(
      'wrong-usage',
      `${name === undefined ? 'A command is expected' : `There is no command "${name}"`}. The commands are ${[...commands.keys()].join(', ')}.`,
    );
  return command.run(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  const error = EngineError.from(thrown);
  process.stderr.write(`${error.line}\n`);
  if (process.argv.includes('--debug')) process.stderr.write(`${String(error.stack)}\n`);
  process.exitCode = exitCodes[error.code] ?? 1;
}
