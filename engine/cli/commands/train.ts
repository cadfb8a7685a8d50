import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TrainingEvent } from '../../protocol/events.ts';
import { Trainer } from '../../training/trainer.ts';
import { countOption, onePositional, readArguments } from '../arguments.ts';
import { readModelFile, readSetting } from '../modelFile.ts';
import { ProgressLine } from '../progressLine.ts';

export const usage =
  'train MODEL [--json] [--run-dir DIR] [--init F] [--trace DIR] [--epochs N] [--steps N] [--seed N] [--backend B] [--set path=value]';

const options = {
  json: { type: 'boolean' },
  'run-dir': { type: 'string' },
  init: { type: 'string' },
  trace: { type: 'string' },
  epochs: { type: 'string' },
  steps: { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;

/** Trains a model. Answers 0 when completed, 1 when diverged or failed, 130 when interrupted. */
export async function train(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, usage);
  const file = onePositional(positionals, usage);
  const override = (name: string, text: string | undefined) =>
    text === undefined ? [] : [readSetting(`${name}=${text}`)];
  const source = readModelFile(file, [
    ...override('training.epochs', values.epochs),
    ...override('seed', values.seed),
    ...override('backend', values.backend),
    ...(values.set ?? []).map(readSetting),
  ]);
  if (values.trace) mkdirSync(values.trace, { recursive: true });

  const progress = values.json ? undefined : new ProgressLine(process.stderr);
  const emit = (event: TrainingEvent) => {
    if (values.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    progress?.show(event);
  };
  const trainer = await Trainer.create({
    source,
    emit,
    wantsGradients: () => values.json === true,
    steps: countOption('steps', values.steps),
    initFile: values.init,
    traceDirectory: values.trace,
    runDirectory: values['run-dir'],
    runsDirectory: path.join(path.dirname(path.resolve(file)), '.mlp-runs'),
  });
  let interrupted = false as boolean;
  process.once('SIGINT', () => {
    interrupted = true;
    trainer.stop();
  });
  const { reason } = await trainer.run();
  if (interrupted) return 130;
  return reason === 'completed' || reason === 'earlyStopped' ? 0 : 1;
}
