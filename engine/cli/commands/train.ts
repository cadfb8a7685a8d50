import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TrainingEvent } from '../../protocol/events.ts';
import { readModelText } from '../../training/readModelFile.ts';
import { Trainer } from '../../training/trainer.ts';
import type { TrainerOptions } from '../../training/trainerOptions.ts';
import { countOption, onePositional, readArguments } from '../arguments.ts';
import { EngineError } from '../../model/errors.ts';
import { parseModel } from '../../model/parse.ts';
import { readForkPoint } from '../../training/fork.ts';
import { readResumableRun } from '../../training/resume.ts';
import { readModelFile, readSetting } from '../modelFile.ts';
import { ProgressLine } from '../progressLine.ts';
import { sweep } from './sweep.ts';

export const usage =
  'train MODEL [--json] [--run-dir DIR] [--init F] [--trace DIR] [--epochs N] [--steps N] [--seed N] [--backend B] [--threads N] [--cpu] [--checkpoint-every N] [--set path=value] [--as FILE]\n             mlp-studio train MODEL --sweep path=a,b,c|path=log:LOW..HIGH [--random N] [--seeds N] [--json] [--run-dir DIR]\n             mlp-studio train [MODEL] --resume RUN_DIR [--epochs N] [--steps N] [--threads N] [--cpu] [--accept-changed-data]\n             mlp-studio train MODEL --fork RUN_DIR [--at STEP] [--set path=value]';

const options = {
  json: { type: 'boolean' },
  'run-dir': { type: 'string' },
  init: { type: 'string' },
  trace: { type: 'string' },
  epochs: { type: 'string' },
  steps: { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  'checkpoint-every': { type: 'string' },
  resume: { type: 'string' },
  fork: { type: 'string' },
  as: { type: 'string' },
  at: { type: 'string' },
  'accept-changed-data': { type: 'boolean' },
  threads: { type: 'string' },
  cpu: { type: 'boolean' },
  set: { type: 'string', multiple: true },
  sweep: { type: 'string', multiple: true },
  random: { type: 'string' },
  seeds: { type: 'string' },
} as const;

/** Trains a model. Answers 0 when completed, 1 when diverged or failed, 130 when interrupted. */
export async function train(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, usage);
  if (values.sweep) return sweepOf(values, values.sweep, positionals);
  for (const name of ['random', 'seeds'] as const)
    if (values[name] !== undefined) throw new EngineError('wrong-usage', `--${name} belongs to --sweep path=values.`);
  const learning =
    values.resume === undefined ? newRun(values, positionals) : earlierRun(values, values.resume, positionals);
  if (values.trace) mkdirSync(values.trace, { recursive: true });

  const progress = values.json ? undefined : new ProgressLine(process.stderr);
  const emit = (event: TrainingEvent) => {
    if (values.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    progress?.show(event);
  };
  const trainer = await Trainer.create({
    ...learning,
    emit,
    wantsGradients: () => values.json === true,
    steps: countOption('steps', values.steps),
    threads: countOption('threads', values.threads),
    cpuOnly: values.cpu,
    traceDirectory: values.trace,
    checkpointEvery: countOption('checkpoint-every', values['checkpoint-every']),
  });
  let interrupted = false as boolean;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted = true;
      trainer.stop('interrupted');
    });
  const { reason } = await trainer.run();
  if (interrupted) return 130;
  return reason === 'completed' || reason === 'earlyStopped' ? 0 : 1;
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];
type Learning = Omit<TrainerOptions, 'emit' | 'wantsGradients'>;

const override = (name: string, text: string | undefined) =>
  text === undefined ? [] : [readSetting(`${name}=${text}`)];

function newRun(values: Values, positionals: readonly string[]): Learning {
  const file = onePositional(positionals, usage);
  if (values['accept-changed-data'])
    throw new EngineError('wrong-usage', '--accept-changed-data belongs to --resume RUN_DIR.');
  const read = readModelFile(file, [
    ...override('training.epochs', values.epochs),
    ...override('seed', values.seed),
    ...override('backend', values.backend),
    ...(values.set ?? []).map(readSetting),
  ]);
  // A snapshot is trained as the file that it was taken of: data are found beside that, and the runs lie there.
  const source = { ...read, file: values.as ?? file };
  const at = countOption('at', values.at);
  if (values.fork !== undefined && values.init !== undefined)
    throw new EngineError('wrong-usage', '--init cannot go with --fork: a fork begins with the weights of its run.');
  if (values.fork === undefined && at !== undefined)
    throw new EngineError('wrong-usage', '--at belongs to --fork RUN_DIR.');
  return {
    source,
    fork: values.fork === undefined ? undefined : readForkPoint(values.fork, at),
    initFile: values.init,
    runDirectory: values['run-dir'],
    runsDirectory: path.join(path.dirname(path.resolve(source.file)), '.mlp-runs'),
  };
}

/** The same training with many values; what else is given holds for every run. */
function sweepOf(values: Values, axes: readonly string[], positionals: readonly string[]): Promise<number> {
  for (const name of ['resume', 'fork', 'at', 'trace', 'accept-changed-data', 'as'] as const)
    if (values[name] !== undefined) throw new EngineError('wrong-usage', `--${name} cannot go with --sweep.`);
  const given = (names: readonly ('epochs' | 'steps' | 'backend' | 'checkpoint-every')[]) =>
    names.flatMap(name => (values[name] === undefined ? [] : [`--${name}`, values[name]]));
  return sweep({
    source: newRun(values, positionals).source,
    axes,
    random: countOption('random', values.random),
    seeds: countOption('seeds', values.seeds) ?? 1,
    folder: values['run-dir'],
    common: [...given(['epochs', 'backend']), ...(values.set ?? []).flatMap(setting => ['--set', setting])],
    trainOptions: [
      ...(values.init === undefined ? [] : ['--init', path.resolve(values.init)]),
      ...given(['steps', 'checkpoint-every']),
    ],
    json: values.json === true,
  });
}

/** A run goes on with the snapshot of its model; only how long it goes on can be chosen anew. */
function earlierRun(values: Values, folder: string, positionals: readonly string[]): Learning {
  for (const name of ['init', 'seed', 'backend', 'set', 'fork', 'as'] as const)
    if (values[name] !== undefined)
      throw new EngineError(
        'wrong-usage',
        `--${name} cannot go with --resume: the run goes on exactly as it was. Use --fork to change something.`,
      );
  if (values['run-dir'] !== undefined && path.resolve(values['run-dir']) !== path.resolve(folder))
    throw new EngineError('wrong-usage', 'A resumed run stays in its folder. Leave out --run-dir.');
  const modelFile = positionals.length > 0 ? onePositional(positionals, usage) : undefined;
  const resume = readResumableRun(folder, { modelFile, epochs: countOption('epochs', values.epochs) });
  if (modelFile !== undefined && layersOf(readModelText(modelFile)) !== layersOf(resume.record.model))
    process.stderr.write(
      `${modelFile}: The layers have changed since the run began. The run goes on with the layers it began with.\n`,
    );
  return { source: resume.source, resume, acceptChangedData: values['accept-changed-data'] };
}

const layersOf = (text: string): string => JSON.stringify(parseModel(text).model?.layers);
