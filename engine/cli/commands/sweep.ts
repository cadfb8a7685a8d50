import path from 'node:path';
import { EngineError } from '../../model/errors.ts';
import { gridVariants, randomVariants, readAxis, type SweepAxis } from '../../model/experiments/sweep.ts';
import { textWith, type Setting, type Variant } from '../../model/experiments/variant.ts';
import { pathText } from '../../model/issues.ts';
import type { ModelInFile } from '../../model/modelInFile.ts';
import { parseModel } from '../../model/parse.ts';
import { seedsFrom, type ExperimentPlan } from '../../protocol/experiment.ts';
import { standings, type FinishedRun } from '../../protocol/standings.ts';
import { newRunPath } from '../../training/runFolder.ts';
import { runExperiment } from '../experimentRuns.ts';
import { figuresOf, type Figures } from '../standingFigures.ts';

export interface SweepOptions {
  /** The model with the settings that hold for every run. */
  readonly source: ModelInFile;
  /** `--sweep path=values`, one or several. */
  readonly axes: readonly string[];
  /** Draws so many combinations instead of trying all. */
  readonly random: number | undefined;
  readonly seeds: number;
  readonly folder: string | undefined;
  /** Options of `train` that hold for every run. */
  readonly common: readonly string[];
  /** Those of them that the text of the model cannot say. */
  readonly trainOptions: readonly string[];
  readonly json: boolean;
}

/** Trains a model with every combination of values, or with random ones. Answers 1 if none came to a result. */
export async function sweep({ source, axes, random, seeds, folder, json, ...options }: SweepOptions): Promise<number> {
  const { model, file, text } = source;
  const read = axes.map(readAxis);
  const variants = random === undefined ? gridVariants(read) : randomVariants(read, random, model.seed);
  assertValid(text, read, variants);
  const runsDirectory = path.join(path.dirname(path.resolve(file)), '.mlp-runs');
  const seedList = seedsFrom(model.seed, seeds);
  const plan: ExperimentPlan = { kind: 'sweep', name: model.name, model: text, variants, seeds: seedList };
  const runs = await runExperiment({
    ...options,
    plan,
    file,
    folder: folder ?? `${newRunPath(runsDirectory, model.name)}-sweep`,
    onRun: tellSweepRun(plan, { json }),
  });
  return rankSweep(plan, runs, { json });
}

interface Telling {
  readonly json: boolean;
}

export const tellSweepRun =
  ({ variants }: ExperimentPlan, { json }: Telling) =>
  ({ result: { variant, ...result } }: FinishedRun): void => {
    const settings = asObject(variants[variant]?.settings ?? []);
    if (json) process.stdout.write(`${JSON.stringify({ event: 'run', settings, ...result })}\n`);
    else process.stderr.write(`${settingsText(settings)}, seed ${String(result.seed)}: ${result.reason}\n`);
  };

/** Prints the ranking. Answers 1 if no run came to a result. */
export function rankSweep({ variants }: ExperimentPlan, runs: readonly FinishedRun[], { json }: Telling): number {
  const ranking = standings(runs, undefined).map(standing => ({
    settings: asObject(variants[standing.variant]?.settings ?? []),
    ...figuresOf(standing),
  }));
  if (json) process.stdout.write(`${JSON.stringify({ event: 'ranking', ranking })}\n`);
  else printTable(ranking);
  return ranking.length > 0 ? 0 : 1;
}

/** Every run is known to be possible before the first begins. Throws `wrong-usage`, naming the field. */
function assertValid(text: string, axes: readonly SweepAxis[], variants: readonly Variant[]): void {
  for (const { settings } of variants) {
    const { issues } = parseModel(textWith(text, settings));
    const wrong = issues.find(
      ({ severity, code, path: at }) =>
        severity === 'error' || (code === 'unknown-key' && axes.some(axis => pathText(axis.path) === pathText(at))),
    );
    if (wrong)
      throw new EngineError('wrong-usage', `--sweep, with ${settingsText(asObject(settings))}: ${wrong.message}`);
  }
}

const asObject = (settings: readonly Setting[]): Readonly<Record<string, Setting['value']>> =>
  Object.fromEntries(settings.map(({ path: at, value }) => [pathText(at), value]));

const settingsText = (settings: Readonly<Record<string, Setting['value']>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');

const valueText = (value: Setting['value']): string => (typeof value === 'string' ? value : JSON.stringify(value));

function printTable(ranking: readonly (Figures & { settings: Readonly<Record<string, Setting['value']>> })[]): void {
  const names = Object.keys(ranking[0]?.settings ?? {});
  const widthOf = (name: string) =>
    Math.max(name.length, ...ranking.map(({ settings }) => valueText(settings[name] ?? null).length));
  const row = (i: string, values: (name: string) => string, figures: string) =>
    process.stdout.write(
      `${[i.padStart(2), ...names.map(name => values(name).padStart(widthOf(name))), figures].join('  ')}\n`,
    );
  row('', name => name, ' best loss  at epoch  accuracy or R²  seconds  runs  lost');
  ranking.forEach(({ settings, bestLoss, bestEpoch, quality, seconds, runs, lost }, i) =>
    row(
      String(i + 1),
      name => valueText(settings[name] ?? null),
      [
        bestLoss.toPrecision(5).padStart(10),
        bestEpoch.toFixed(0).padStart(8),
        (quality?.toFixed(4) ?? '').padStart(14),
        seconds.toFixed(2).padStart(7),
        String(runs).padStart(4),
        String(lost).padStart(4),
      ].join('  '),
    ),
  );
}
