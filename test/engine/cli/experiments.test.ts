import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingEventSchema } from '../../../engine/protocol/events.ts';
import { cellFolder, cellsOf, experimentRecordSchema } from '../../../engine/protocol/experiment.ts';
import { RunTally } from '../../../engine/protocol/runTally.ts';
import { standings } from '../../../engine/protocol/standings.ts';
import { buildEntry } from '../../support/buildEntry.ts';
import { modelText } from '../model/modelText.ts';

let cli: string;
let folder: string;
let model: string;

beforeAll(async () => {
  cli = await buildEntry('engine/cli/main.ts');
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-experiments-'));
  model = path.join(folder, 'moons.mlp.json');
  writeFileSync(model, modelText);
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(path.dirname(cli), { recursive: true, force: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  const printed = args.includes('--json')
    ? stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Record<string, unknown>)
    : [];
  return { status, stdout, stderr, printed };
}

/** The standings as the files of an experiment tell them. */
function standingsOfFiles(directory: string, file: string) {
  const record = experimentRecordSchema.parse(JSON.parse(readFileSync(path.join(directory, file), 'utf8')));
  const runs = cellsOf(record).flatMap(cell => {
    const tally = new RunTally(cell);
    const metrics = path.join(directory, cellFolder(record, cell), 'metrics.jsonl');
    for (const line of readFileSync(metrics, 'utf8').trimEnd().split('\n'))
      tally.add([trainingEventSchema.parse(JSON.parse(line))]);
    return tally.result ? [{ result: tally.result, points: tally.points }] : [];
  });
  return { record, runs, ranking: standings(runs, undefined) };
}

describe('compare', () => {
  it('prints the ranking that its files tell, every optimizer beginning with the same weights', () => {
    const { status, printed } = run(
      ...['compare', model, '--optimizers', 'gradientDescent,stochastic,minibatch,nesterov,adam'],
      ...['--seeds', '2', '--json', '--run-dir', 'race'],
    );
    expect(status).toBe(0);
    const { record, runs, ranking } = standingsOfFiles(path.join(folder, 'race'), 'comparison.json');
    expect(record).toMatchObject({ kind: 'comparison', status: 'completed', model: modelText, seeds: [42, 43] });
    expect(printed.at(-1)).toMatchObject({
      event: 'ranking',
      startedAlike: true,
      ranking: ranking.map(({ variant, bestLoss }) => ({
        optimizer: record.variants[variant]?.name,
        bestLoss: bestLoss.mean,
      })),
    });
    const weights = (seed: number) =>
      new Set(runs.filter(({ result }) => result.seed === seed).map(({ result }) => result.initialWeightsSha256));
    expect([weights(42).size, weights(43).size]).toEqual([1, 1]);
    expect(weights(42)).not.toEqual(weights(43));
    expect([...record.results].sort((a, b) => a.seed - b.seed || a.variant - b.variant)).toEqual(
      runs.map(({ result }) => result),
    );
  });

  it('gives each optimizer the rate of its range test, and leaves no run of the test behind', () => {
    const { printed } = run('compare', model, '--optimizers', 'adam,sgd', '--tune', '--json', '--epochs', '5');
    const tuned = printed.filter(({ event }) => event === 'tuned') as {
      optimizer: string;
      learningRate: number;
      trials: { learningRate: number; loss?: number }[];
    }[];
    expect(tuned.map(({ optimizer }) => optimizer)).toEqual(['adam', 'sgd']);
    for (const { learningRate, trials } of tuned) {
      const lowest = Math.min(...trials.map(({ loss }) => loss ?? Infinity));
      expect(trials.find(({ loss }) => loss === lowest)?.learningRate).toBe(learningRate);
    }
    const [directory = ''] = readdirSync(path.join(folder, '.mlp-runs/Moons'));
    expect(directory).toMatch(/-compare$/);
    const { record } = standingsOfFiles(path.join(folder, '.mlp-runs/Moons', directory), 'comparison.json');
    expect(record.variants.map(({ settings }) => JSON.stringify(settings))).toEqual([
      expect.stringContaining(`"value":${tuned[0]?.learningRate}`),
      expect.stringContaining(`"learningRate":${tuned[1]?.learningRate}`),
    ]);
    expect(readdirSync(path.join(folder, '.mlp-runs/Moons', directory)).sort()).toEqual([
      'adam-42',
      'comparison.json',
      'sgd-42',
    ]);
  });

  it.each([
    [['--tune', '--learning-rate', '0.1'], 'Leave out --learning-rate'],
    [['--learning-rate', '0'], '--learning-rate must be a number above 0, not "0".'],
    [['--target', 'low'], '--target must be a number above 0, not "low".'],
  ])('%j is refused', (options, message) => {
    const { status, stderr } = run('compare', model, '--optimizers', 'sgd', ...options);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('train --sweep', () => {
  it('trains every combination and ranks them as its files do', () => {
    const { status, printed } = run(
      ...['train', model, '--json', '--run-dir', 'swept', '--epochs', '3'],
      ...['--sweep', 'optimizer.learningRate=log:1e-3..1e-1', '--sweep', 'layers[0].units=2,4'],
    );
    expect(status).toBe(0);
    const { record, ranking } = standingsOfFiles(path.join(folder, 'swept'), 'sweep.json');
    expect(record.variants).toHaveLength(6);
    const ranked = printed.at(-1)?.['ranking'] as { settings: Record<string, number>; bestLoss: number }[];
    expect(ranked.map(({ bestLoss }) => bestLoss)).toEqual(ranking.map(({ bestLoss }) => bestLoss.mean));
    expect(new Set(ranked.map(({ settings }) => JSON.stringify(settings))).size).toBe(6);
    // One of them alone says the same.
    const { settings, bestLoss } = ranked[0] ?? { settings: {}, bestLoss: NaN };
    const alone = run(
      ...['train', model, '--json', '--epochs', '3'],
      ...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    );
    const losses = alone.printed.map(event => Number(event['validationLoss'] ?? Infinity));
    expect(Math.min(...losses)).toBe(bestLoss);
  });

  it('draws as many at random as asked for, with several seeds', () => {
    const { printed } = run(
      ...['train', model, '--json', '--epochs', '1', '--sweep', 'optimizer.learningRate=log:1e-4..1', '--random', '3'],
      ...['--seeds', '2'],
    );
    expect(printed.filter(({ event }) => event === 'run')).toHaveLength(6);
    expect(printed.at(-1)?.['ranking']).toHaveLength(3);
  });

  it('prints a table for people', () => {
    const { stdout } = run('train', model, '--epochs', '1', '--sweep', 'training.batchSize=8,"full"');
    expect(stdout).toMatch(/training\.batchSize +best loss/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it.each([
    [['--sweep', 'optimizer.learningRate=0.1,-1'], '"optimizer.learningRate" must be'],
    [['--sweep', 'optimizer.learnRate=0.1'], 'The key "learnRate" is unknown here'],
    [['--sweep', 'optimizer.learningRate=0.1', '--trace', 't'], '--trace cannot go with --sweep.'],
    [['--random', '3'], '--random belongs to --sweep path=values.'],
  ])('%j starts nothing', (options, message) => {
    const { status, stderr } = run('train', model, ...options);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).toEqual(['moons.mlp.json']);
  });
});
