import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { EngineError } from '../../model/errors.ts';
import { optimizerTypes, type OptimizerType } from '../../model/optimizerFields.ts';
import { suggestion } from '../../model/suggestion.ts';
import { trainingEventSchema, type EndEvent, type MetricsEvent } from '../../protocol/events.ts';
import { newRunPath } from '../../training/runFolder.ts';
import { countOption, onePositional, readArguments, requiredOption } from '../arguments.ts';
import { readModelFile, readSetting } from '../modelFile.ts';

export const usage = 'compare MODEL --optimizers a,b,… [--seeds N] [--epochs N] [--json] [--set path=value]';

const options = {
  optimizers: { type: 'string' },
  seeds: { type: 'string' },
  epochs: { type: 'string' },
  json: { type: 'boolean' },
  set: { type: 'string', multiple: true },
} as const;

/** What became of one optimizer with one seed. */
interface Result {
  readonly optimizer: string;
  readonly seed: number;
  readonly reason: EndEvent['reason'];
  /** Lowest validation loss of any epoch; the training loss where there is no validation split. */
  readonly bestLoss: number;
  readonly bestEpoch: number;
  readonly accuracy?: number;
  readonly r2?: number;
  readonly seconds: number;
}

/**
 * Trains the same model, data and initial weights under several optimizers and seeds, as many at
 * once as there are cores, and ranks them. Answers 1 if none came to a result.
 */
export async function compare(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, usage);
  const file = onePositional(positionals, usage);
  const optimizers = requiredOption('optimizers', values.optimizers, usage).split(',').map(optimizerNamed);
  const seeds = countOption('seeds', values.seeds) ?? 1;
  const { model } = readModelFile(file, (values.set ?? []).map(readSetting));
  const folder = newRunPath(path.join(path.dirname(path.resolve(file)), '.mlp-runs'), model.name);
  const common = [
    ...(values.epochs === undefined ? [] : ['--epochs', values.epochs]),
    ...(values.set ?? []).flatMap(setting => ['--set', setting]),
  ];
  const jobs = optimizers.flatMap(optimizer =>
    Array.from({ length: seeds }, (_, i) => {
      const seed = model.seed + i;
      // The model's own optimizer keeps its settings; the others take the defaults of the same form.
      const own = optimizer === model.optimizer.type;
      const settings = own ? model.optimizer : { type: optimizer, form: model.optimizer.form };
      return {
        optimizer,
        seed,
        args: [
          ...[
            'train',
            file,
            '--json',
            ...common,
            '--seed',
            String(seed),
            '--set',
            `optimizer=${JSON.stringify(settings)}`,
          ],
          ...['--run-dir', `${folder}-compare/${optimizer}-${String(seed)}`],
        ],
      };
    }),
  );
  const results: Result[] = [];
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const result = await run(job);
      if (!result) continue;
      results.push(result);
      if (values.json) print(JSON.stringify({ event: 'run', ...result }));
      else process.stderr.write(`${result.optimizer}, seed ${String(result.seed)}: ${result.reason}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  const ranking = rank(results);
  if (values.json) print(JSON.stringify({ event: 'ranking', ranking }));
  else printTable(ranking);
  return ranking.length > 0 ? 0 : 1;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

function optimizerNamed(name: string): OptimizerType {
  const type = optimizerTypes.find(known => known === name.trim());
  if (type) return type;
  const meant = suggestion(name, optimizerTypes);
  throw new EngineError(
    'wrong-usage',
    `There is no optimizer "${name}". ${meant ? `Did you mean "${meant}"?` : `There are ${optimizerTypes.join(', ')}.`}`,
  );
}

/** One training in a process of its own; undefined, with its error on stderr, when it could not begin. */
async function run(job: { optimizer: string; seed: number; args: string[] }): Promise<Result | undefined> {
  const started = performance.now();
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...job.args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let best: MetricsEvent | undefined;
  let end: EndEvent | undefined;
  for await (const line of createInterface(child.stdout)) {
    const event = trainingEventSchema.parse(JSON.parse(line));
    if (event.event === 'metrics' && (!best || lossOf(event) < lossOf(best))) best = event;
    if (event.event === 'end') end = event;
  }
  if (!best || !end) return undefined;
  const final = end.metrics.validation ?? end.metrics.train;
  return {
    optimizer: job.optimizer,
    seed: job.seed,
    reason: end.reason,
    bestLoss: lossOf(best),
    bestEpoch: best.epoch,
    ...(final?.accuracy !== undefined && { accuracy: final.accuracy }),
    ...(final?.r2 !== undefined && { r2: final.r2 }),
    seconds: (performance.now() - started) / 1000,
  };
}

const lossOf = ({ validationLoss, trainLoss }: MetricsEvent): number => validationLoss ?? trainLoss;

interface Rank {
  readonly optimizer: string;
  /** Means over the seeds that did not diverge or fail. */
  readonly bestLoss: number;
  readonly bestEpoch: number;
  readonly quality: number | undefined;
  readonly seconds: number;
  readonly runs: number;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** The optimizers, the lowest mean of best losses first. */
function rank(results: readonly Result[]): Rank[] {
  const sound = results.filter(({ reason }) => reason !== 'diverged' && reason !== 'failed');
  return [...new Set(sound.map(({ optimizer }) => optimizer))]
    .map(optimizer => {
      const runs = sound.filter(result => result.optimizer === optimizer);
      const qualities = runs.flatMap(({ accuracy, r2 }) => accuracy ?? r2 ?? []);
      return {
        optimizer,
        bestLoss: mean(runs.map(({ bestLoss }) => bestLoss)),
        bestEpoch: mean(runs.map(({ bestEpoch }) => bestEpoch)),
        quality: qualities.length > 0 ? mean(qualities) : undefined,
        seconds: mean(runs.map(({ seconds }) => seconds)),
        runs: runs.length,
      };
    })
    .sort((a, b) => a.bestLoss - b.bestLoss);
}

function printTable(ranking: readonly Rank[]): void {
  print('   optimizer    best loss   at epoch   accuracy or R²   seconds   runs');
  ranking.forEach(({ optimizer, bestLoss, bestEpoch, quality, seconds, runs }, i) => {
    const cells = [
      String(i + 1).padStart(2),
      optimizer.padEnd(10),
      bestLoss.toPrecision(5).padStart(11),
      bestEpoch.toFixed(0).padStart(10),
      (quality?.toFixed(4) ?? '').padStart(16),
      seconds.toFixed(1).padStart(9),
      String(runs).padStart(6),
    ];
    print(cells.join(' '));
  });
}
