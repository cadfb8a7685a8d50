import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EngineError } from '../../model/errors.ts';
import { contestant, contestantNamed, type ContestantName } from '../../model/experiments/contestants.ts';
import { bestRate, candidateRates, tuningEpochs, type RateTrial } from '../../model/experiments/learningRates.ts';
import type { Variant } from '../../model/experiments/variant.ts';
import type { ModelInFile } from '../../model/modelInFile.ts';
import { seedsFrom, type ExperimentPlan, type RunResult } from '../../protocol/experiment.ts';
import { fairStart, standings, type FinishedRun } from '../../protocol/standings.ts';
import { newRunPath } from '../../training/runFolder.ts';
import { countOption, numberOption, onePositional, readArguments, requiredOption } from '../arguments.ts';
import { inParallel, runCell, runExperiment, settingArguments } from '../experimentRuns.ts';
import { readModelFile, readSetting } from '../modelFile.ts';
import { readExperiment, resumeExperiment } from '../resumedExperiment.ts';
import { figuresOf, type Figures } from '../standingFigures.ts';
import { rankSweep, tellSweepRun } from './sweep.ts';

export const usage =
  'compare MODEL --optimizers a,b,… [--seeds N] [--tune | --learning-rate L] [--target LOSS] [--epochs N] [--run-dir DIR] [--json] [--set path=value]\n             mlp-studio compare [MODEL] --resume DIR [--target LOSS] [--json]';

const options = {
  optimizers: { type: 'string' },
  seeds: { type: 'string' },
  epochs: { type: 'string' },
  tune: { type: 'boolean' },
  'learning-rate': { type: 'string' },
  target: { type: 'string' },
  'run-dir': { type: 'string' },
  resume: { type: 'string' },
  json: { type: 'boolean' },
  set: { type: 'string', multiple: true },
} as const;

/**
 * Trains the same model, data and initial weights under several optimizers and seeds, as many at
 * once as there are cores, and ranks them. Answers 1 if none came to a result.
 */
export async function compare(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, usage);
  if (values.resume !== undefined) return resume(values, values.resume, positionals);
  const file = onePositional(positionals, usage);
  const names = [...new Set(requiredOption('optimizers', values.optimizers, usage).split(',').map(contestantNamed))];
  const seeds = countOption('seeds', values.seeds) ?? 1;
  const shared = numberOption('learning-rate', values['learning-rate']);
  const target = numberOption('target', values.target);
  if (values.tune && shared !== undefined)
    throw new EngineError('wrong-usage', '--tune finds a learning rate for each optimizer. Leave out --learning-rate.');
  const epochs = countOption('epochs', values.epochs);
  const common = [
    ...(epochs === undefined ? [] : ['--epochs', String(epochs)]),
    ...(values.set ?? []).flatMap(setting => ['--set', setting]),
  ];
  const source = readModelFile(file, [
    ...(epochs === undefined ? [] : [readSetting(`training.epochs=${String(epochs)}`)]),
    ...(values.set ?? []).map(readSetting),
  ]);
  const say = sayer(values);

  const rates = new Map<ContestantName, number>();
  if (values.tune)
    for (const name of names) {
      const { learningRate, trials } = await tune(name, source, common);
      say(
        { event: 'tuned', optimizer: name, learningRate, trials },
        `${name}: learning rate ${learningRate === undefined ? 'not found, every one diverged' : String(learningRate)}`,
      );
      if (learningRate !== undefined) rates.set(name, learningRate);
    }
  const plan = planOf(
    source,
    names.map(name => contestant(name, source.model, rates.get(name) ?? shared)),
    seeds,
  );
  const runsDirectory = path.join(path.dirname(path.resolve(file)), '.mlp-runs');
  const runs = await runExperiment({
    plan,
    file,
    folder: values['run-dir'] ?? `${newRunPath(runsDirectory, source.model.name)}-compare`,
    common,
    onRun: tellRun(plan, values),
  });
  return rank(plan, runs, target, values);
}

type Values = ReturnType<typeof readArguments<typeof options>>['values'];

/** Finishes a comparison or a sweep that was stopped or cut off, as it was begun. */
async function resume(values: Values, folder: string, positionals: readonly string[]): Promise<number> {
  for (const name of ['optimizers', 'seeds', 'epochs', 'tune', 'learning-rate', 'run-dir', 'set'] as const)
    if (values[name] !== undefined)
      throw new EngineError(
        'wrong-usage',
        `--${name} cannot go with --resume: what was begun goes on exactly as it was. Start anew to change something.`,
      );
  const target = numberOption('target', values.target);
  const record = readExperiment(folder);
  const file = positionals.length > 0 ? onePositional(positionals, usage) : record.modelPath;
  if (file === undefined)
    throw new EngineError(
      'wrong-usage',
      `This ${record.kind} does not say which model it is of. Name the model before --resume.`,
    );
  if (record.kind === 'comparison') {
    const runs = await resumeExperiment(record, { folder, file, onRun: tellRun(record, values) });
    return rank(record, runs, target, values);
  }
  if (target !== undefined)
    throw new EngineError('wrong-usage', '--target belongs to a comparison, and this is a sweep. Leave it out.');
  const json = values.json === true;
  return rankSweep(record, await resumeExperiment(record, { folder, file, onRun: tellSweepRun(record, { json }) }), {
    json,
  });
}

/** Tells something on stdout for programs, or on stderr for people. */
const sayer =
  ({ json }: Values) =>
  (event: object, text: string) => {
    if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
    else process.stderr.write(`${text}\n`);
  };

const tellRun =
  ({ variants }: ExperimentPlan, values: Values) =>
  ({ result: { variant, ...result } }: FinishedRun) => {
    const optimizer = variants[variant]?.name ?? '';
    sayer(values)(
      { event: 'run', optimizer, ...result },
      `${optimizer}, seed ${String(result.seed)}: ${result.reason}`,
    );
  };

/** Prints the ranking, and whether it may be believed. Answers 1 if none came to a result. */
function rank(
  { variants }: ExperimentPlan,
  runs: readonly FinishedRun[],
  target: number | undefined,
  { json }: Values,
): number {
  const { alike, different } = fairStart(runs.map(({ result }) => result));
  const ranking = standings(runs, target).map(standing => ({
    optimizer: variants[standing.variant]?.name ?? '',
    ...figuresOf(standing),
  }));
  if (json)
    process.stdout.write(`${JSON.stringify({ event: 'ranking', ranking, startedAlike: different.length === 0 })}\n`);
  else printTable(ranking, alike.length, different);
  return ranking.length > 0 ? 0 : 1;
}

const planOf = ({ model, text }: ModelInFile, variants: readonly Variant[], seeds: number): ExperimentPlan => ({
  kind: 'comparison',
  name: model.name,
  model: text,
  variants: [...variants],
  seeds: seedsFrom(model.seed, seeds),
});

/** The range test of `learningRates.ts` for one contestant, in folders that are gone afterwards. */
async function tune(name: ContestantName, { model, file }: ModelInFile, common: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-tuning-'));
  const losses = new Map<number, number | undefined>();
  try {
    await inParallel(candidateRates, async rate => {
      const { result } = await runCell({ variant: 0, seed: model.seed }, [
        ...['train', file, '--json', ...common, '--epochs', String(tuningEpochs(model))],
        ...contestant(name, model, rate).settings.flatMap(settingArguments),
        ...['--run-dir', path.join(folder, String(rate))],
      ]);
      losses.set(rate, result && trainingLoss(result));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const trials: RateTrial[] = candidateRates.map(learningRate => ({ learningRate, loss: losses.get(learningRate) }));
  return { learningRate: bestRate(trials), trials };
}

/** What the range test judges by; undefined for a rate that diverged. */
const trainingLoss = ({ reason, trainLoss }: RunResult): number | undefined =>
  reason === 'diverged' || reason === 'failed' ? undefined : trainLoss;

function printTable(
  ranking: readonly (Figures & { optimizer: string })[],
  alike: number,
  different: readonly number[],
): void {
  const wide = Math.max(9, ...ranking.map(({ optimizer }) => optimizer.length));
  const withTarget = ranking.some(({ stepsToTarget }) => stepsToTarget !== undefined);
  process.stdout.write(
    `   ${'optimizer'.padEnd(wide)}   best loss   at epoch   accuracy or R²${withTarget ? '   steps to target' : ''}   seconds   runs   lost\n`,
  );
  ranking.forEach(({ optimizer, bestLoss, bestEpoch, quality, stepsToTarget, seconds, runs, lost }, i) => {
    const cells = [
      String(i + 1).padStart(2),
      optimizer.padEnd(wide),
      bestLoss.toPrecision(5).padStart(11),
      bestEpoch.toFixed(0).padStart(10),
      (quality?.toFixed(4) ?? '').padStart(16),
      ...(withTarget ? [(stepsToTarget?.toFixed(0) ?? '').padStart(17)] : []),
      seconds.toFixed(2).padStart(9),
      String(runs).padStart(6),
      String(lost).padStart(6),
    ];
    process.stdout.write(`${cells.join(' ')}\n`);
  });
  process.stderr.write(
    different.length === 0
      ? `Same data and same initial weights for every optimizer, checked for ${String(alike)} ${alike === 1 ? 'seed' : 'seeds'}.\n`
      : `The runs of seed ${different.join(', ')} did not begin alike: their figures cannot be compared.\n`,
  );
}
