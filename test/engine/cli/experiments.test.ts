import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingEventSchema } from '../../../engine/protocol/events.ts';
import { cellFolder, cellsOf, experimentRecordSchema } from '../../../engine/protocol/experiment.ts';
import { RunTally } from '../../../engine/protocol/runTally.ts';
import { standings, type Standing } from '../../../engine/protocol/standings.ts';
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

/** Lays other values over a JSON file. */
function change(file: string, values: object): void {
  const before = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...before, ...values }));
}

const cellName = ({ optimizer, seed }: Record<string, unknown>): string => `${String(optimizer)}-${String(seed)}`;
/** A place in the ranking, apart from how long it took. */
const figures = (standing: Standing): Standing => ({ ...standing, seconds: 0 });

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

  it('computes on the CPU though the model asks for a GPU, says so, and so does the record of each run', () => {
    change(model, { backend: 'gpu' });
    const { stderr } = run('compare', model, '--optimizers', 'adam,sgd', '--epochs', '2', '--run-dir', 'race');
    expect(stderr).toContain('The model asks for a GPU. Runs side by side compute on the CPU all the same');
    for (const cell of ['adam-42', 'sgd-42'])
      expect(JSON.parse(readFileSync(path.join(folder, 'race', cell, 'run.json'), 'utf8'))).toMatchObject({
        backend: 'wasm',
        backendReason: 'the fastest on a CPU, where runs side by side compute, although a GPU was asked for',
      });
  });

  it('goes on where it was cut off, and ends as one that never was', () => {
    run('compare', model, '--optimizers', 'adam,momentum,sgd', '--seeds', '2', '--epochs', '6', '--run-dir', 'whole');
    const [whole, cut] = [path.join(folder, 'whole'), path.join(folder, 'cut')];
    cpSync(whole, cut, { recursive: true });
    // One run has not begun, one was killed in the middle, and so was the comparison.
    rmSync(path.join(cut, 'adam-43'), { recursive: true });
    const killed = path.join(cut, 'momentum-42');
    for (const name of readdirSync(killed)) if (name.endsWith('.safetensors')) rmSync(path.join(killed, name));
    const lines = readFileSync(path.join(killed, 'metrics.jsonl'), 'utf8').split('\n');
    writeFileSync(path.join(killed, 'metrics.jsonl'), lines.slice(0, 4).join('\n').slice(0, -5));
    change(path.join(killed, 'run.json'), { status: 'running', ended: undefined });
    change(path.join(cut, 'comparison.json'), { status: 'running', results: [], note: 'kept' });
    // The file says something else by now.
    writeFileSync(model, modelText.replace('"tanh"', '"relu"'));

    const { status, printed } = run('compare', '--resume', 'cut', '--json');
    expect(status).toBe(0);
    expect(
      printed
        .filter(({ event }) => event === 'run')
        .map(cellName)
        .sort(),
    ).toEqual(['adam-43', 'momentum-42']);
    const [expected, resumed] = [whole, cut].map(directory => standingsOfFiles(directory, 'comparison.json'));
    expect(resumed?.record).toMatchObject({ status: 'completed', note: 'kept' });
    expect(resumed?.record.results).toHaveLength(6);
    expect(resumed?.ranking.map(figures)).toEqual(expected?.ranking.map(figures));
    expect(printed.at(-1)).toMatchObject({
      startedAlike: true,
      ranking: expected?.ranking.map(({ bestLoss }) => ({ bestLoss: bestLoss.mean })),
    });
    for (const name of cellsOf(expected?.record ?? { variants: [], seeds: [] }).map(cell =>
      cellFolder(expected?.record ?? { variants: [] }, cell),
    ))
      expect(readFileSync(path.join(cut, name, 'final.safetensors'))).toEqual(
        readFileSync(path.join(whole, name, 'final.safetensors')),
      );
  });

  it('goes on with a sweep too, as it was begun, with what only the command line could say', () => {
    run('train', model, '--epochs', '1', '--run-dir', 'first');
    run(
      ...['train', model, '--sweep', 'optimizer.learningRate=0.1,0.01', '--epochs', '4', '--run-dir', 'whole'],
      ...['--init', 'first/final.safetensors'],
    );
    const [whole, cut] = [path.join(folder, 'whole'), path.join(folder, 'cut')];
    cpSync(whole, cut, { recursive: true });
    rmSync(path.join(cut, 'run-002-42'), { recursive: true });
    change(path.join(cut, 'sweep.json'), { status: 'running', results: [] });

    expect(run('compare', '--resume', 'cut', '--target', '0.1').stderr).toContain('--target belongs to a comparison');
    const { status, printed } = run('compare', '--resume', 'cut', '--json');
    expect(status).toBe(0);
    expect(printed.filter(({ event }) => event === 'run').map(({ settings }) => settings)).toEqual([
      { 'optimizer.learningRate': 0.01 },
    ]);
    const [expected, resumed] = [whole, cut].map(directory => standingsOfFiles(directory, 'sweep.json'));
    expect(resumed?.record.status).toBe('completed');
    expect(resumed?.ranking.map(figures)).toEqual(expected?.ranking.map(figures));
    expect(readFileSync(path.join(cut, 'run-002-42/final.safetensors'))).toEqual(
      readFileSync(path.join(whole, 'run-002-42/final.safetensors')),
    );
  });

  it.each([
    ['a folder without a comparison', undefined, 'There is no comparison in this folder.'],
    ['a damaged record', '{', 'The comparison.json is damaged.'],
  ])('does not go on in %s', (_, text, message) => {
    mkdirSync(path.join(folder, 'odd'));
    if (text !== undefined) writeFileSync(path.join(folder, 'odd/comparison.json'), text);
    const { status, stderr } = run('compare', '--resume', 'odd');
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('does not go on with one that somebody else is at work in, or with other settings', () => {
    run('compare', model, '--optimizers', 'sgd', '--epochs', '1', '--run-dir', 'owned');
    expect(run('compare', '--resume', 'owned', '--epochs', '9').stderr).toContain('--epochs cannot go with --resume');
    const owner = { pid: process.pid, host: hostname() };
    change(path.join(folder, 'owned/comparison.json'), { status: 'running', owner });
    expect(run('compare', '--resume', 'owned').stderr).toContain('Another process is at work in this comparison.');
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
