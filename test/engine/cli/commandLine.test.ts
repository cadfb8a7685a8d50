import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trainingEventSchema } from '../../../engine/protocol/events.ts';
import { root } from '../../../scripts/lib/paths.mjs';
import { buildEntry } from '../../support/buildEntry.ts';
import { changed, modelText } from '../model/modelText.ts';

let cli: string;
let folder: string;
let model: string;

beforeAll(async () => {
  cli = await buildEntry('engine/cli/main.ts');
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-cli-'));
  model = write('moons.mlp.json', modelText);
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(path.dirname(cli), { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') };
}

const events = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => trainingEventSchema.parse(JSON.parse(line)));

it('the command line can be started by its name', () => {
  expect(readFileSync(cli, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
});

describe('train', () => {
  it('prints its events as one JSON object a line, the first and the last of them known', () => {
    const { status, stdout } = run('train', model, '--json');
    const all = events(stdout);
    expect(status).toBe(0);
    expect(all[0]).toMatchObject({ event: 'start', backend: 'wasm', parameters: 33, epochs: 10 });
    expect(all.filter(({ event }) => event === 'metrics')).toHaveLength(11);
    expect(all.at(-1)).toMatchObject({ event: 'end', reason: 'completed', step: 50 });
  });

  it('gives the network further features of the plane, as the model lists them', () => {
    const train = (features: string) => run('train', model, '--json', '--set', `data.source.features=${features}`);
    expect(events(train('["x1","x2","x1^2"]').stdout)[0]).toMatchObject({ inputs: 3, parameters: 41 });
    expect(train('["x3"]')).toMatchObject({ status: 3 });
  });

  it('gives the same numbers every time, and others with another seed', () => {
    const numbers = (...args: string[]) =>
      events(run('train', model, '--json', ...args).stdout).flatMap(event =>
        event.event === 'metrics' ? [event.trainLoss] : [],
      );
    expect(numbers()).toEqual(numbers());
    expect(numbers('--seed', '7')).not.toEqual(numbers());
  });

  it('keeps a run where it is told, with its record, its metrics and its weights', () => {
    const directory = path.join(folder, 'run');
    expect(run('train', model, '--run-dir', directory).status).toBe(0);
    expect(readdirSync(directory).sort()).toEqual([
      'checkpoint-50.safetensors',
      'final.safetensors',
      'metrics.jsonl',
      'run.json',
    ]);
    const record = JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8')) as object;
    expect(record).toMatchObject({ status: 'completed', seed: 42, model: modelText, backend: 'wasm', step: 50 });
    expect(events(readFileSync(path.join(directory, 'metrics.jsonl'), 'utf8')).at(-1)?.event).toBe('end');
  });

  it('keeps a run beside the model unless told otherwise', () => {
    expect(run('train', model).status).toBe(0);
    expect(readdirSync(path.join(folder, '.mlp-runs/Moons'))).toHaveLength(1);
  });

  it('goes on exactly where a run was stopped', () => {
    const directory = (name: string) => path.join(folder, name);
    const bytes = (name: string) => readFileSync(path.join(directory(name), 'final.safetensors'));
    expect(run('train', model, '--run-dir', directory('whole'), '--steps', '40').status).toBe(0);
    expect(run('train', model, '--run-dir', directory('part'), '--steps', '17').status).toBe(0);
    expect(run('train', '--resume', directory('part'), '--steps', '40').status).toBe(0);
    expect(bytes('part').equals(bytes('whole'))).toBe(true);
  });

  it.each([
    [['--resume', 'nowhere'], 3, /nowhere.run\.json: There is no run in this folder/],
    [['--resume', 'part', '--seed', '3'], 2, /--seed cannot go with --resume/],
    [['--resume', 'part', '--run-dir', 'other'], 2, /Leave out --run-dir/],
    [['--accept-changed-data'], 2, /belongs to --resume/],
    [['--checkpoint-every', '0'], 2, /--checkpoint-every must be a whole number from 1 on/],
  ])('refuses %o with exit code %i', (args, code, message) => {
    const { status, stderr } = run('train', model, ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });

  it.each([
    [['--epochs', '3'], { epochs: 3, totalSteps: 15 }],
    [['--steps', '7'], { totalSteps: 7 }],
    [['--set', 'training.batchSize=80'], { totalSteps: 10 }],
    [['--set', 'layers[0].units=4', '--set', 'name=Small'], { parameters: 17, name: 'Small' }],
    [['--set', 'optimizer={"type":"sgd","learningRate":0.5}'], { totalSteps: 50 }],
  ])('takes %o over what the file says', (args, start) => {
    expect(events(run('train', model, '--json', ...args).stdout)[0]).toMatchObject(start);
  });

  it('ends with 1 when it diverges, saying at which step and what to do', () => {
    const text = changed('"loss": "binaryCrossEntropy"', '"loss": "meanSquaredError"')
      .replace('"sigmoid"', '"identity"')
      .replace('"adam", "learningRate": 0.01', '"sgd", "learningRate": 900');
    const { status, stdout } = run('train', write('wild.mlp.json', text.replace('"tanh"', '"relu"')), '--json');
    expect(status).toBe(1);
    const end = events(stdout).at(-1);
    expect(end).toMatchObject({ event: 'end', reason: 'diverged' });
    expect(end).toHaveProperty(
      'message',
      expect.stringMatching(/At step \d+, .* is not finite\. Lower the learning rate/),
    );
  });

  it('ends with 130 when it is interrupted, and goes on when asked to', async () => {
    const directory = path.join(folder, 'run');
    const child = spawn(process.execPath, [
      cli,
      'train',
      model,
      '--json',
      '--epochs',
      '1000000',
      '--run-dir',
      directory,
    ]);
    await once(child.stdout, 'data');
    const exit = once(child, 'exit');
    child.stdout.resume();
    child.kill('SIGINT');
    expect((await exit)[0]).toBe(130);
    expect(JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8'))).toMatchObject({ status: 'interrupted' });
    expect(existsSync(path.join(directory, 'final.safetensors'))).toBe(true);
    const [start] = events(run('train', model, '--resume', directory, '--json', '--epochs', '1').stdout);
    expect(start).toMatchObject({ event: 'start', resumedFrom: expect.any(Number) as number });
  });
});

describe('a wrong model or wrong data', () => {
  const csvModel = changed(
    '{ "kind": "generator", "name": "moons", "samples": 100 }',
    '{ "kind": "csv", "path": "data.csv", "target": "y" }',
  );

  it.each([
    ['JSON that breaks off', modelText.slice(0, 100), 'moons.mlp.json:4:', 'Correct it here'],
    [
      'a negative count',
      changed('"epochs": 10', '"epochs": -1'),
      'moons.mlp.json:11:27',
      'must be a whole number from 1',
    ],
    ['a shape that does not fit', changed('"units": 1,', '"units": 3,'), 'moons.mlp.json:7:49', 'Set its units to 1'],
    [
      'a network too large for memory',
      changed(
        '"units": 8, "activation": "tanh" }',
        '"units": 65536 },\n    { "id": "b", "type": "dense", "units": 65536 }',
      ),
      'moons.mlp.json:6:50',
      'Use fewer units',
    ],
  ])('%s is one line with its place and its repair, and exit 3', (_, text, place, repair) => {
    write('moons.mlp.json', text);
    const { status, stdout, stderr } = run('train', model, '--json', '--steps', '1');
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(place);
    expect(stderr).toContain(repair);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(path.join(folder, '.mlp-runs'))).toBe(false);
  });

  it.each([
    ['a file that is not there', undefined, 'moons.mlp.json:4:48: The data file "data.csv" does not exist'],
    ['a short row', 'x,y\n1,0\n2\n', 'data.csv:3:1: This row has 1 cells, but there are 2 columns'],
    ['a cell that is no number', `x,y\n${'1,0\n2,1\n'.repeat(20)}NaN,1\n`, 'data.csv:42:1'],
    ['a missing target', 'x,z\n1,0\n2,1\n', 'data.csv:1:1: There is no column "y"'],
    ['an open quote', 'x,y\n"1,0\n2,1\n', 'data.csv'],
    ['no rows', 'x,y\n', 'data.csv:1:1: The data file has a header but no rows'],
    ['one class', 'x,y\n1,0\n2,0\n3,0\n', 'data.csv:1:2: The target "y" has only one class'],
  ])('%s is named with its line, and exit 3', (_, csv, expected) => {
    write('moons.mlp.json', csvModel);
    if (csv !== undefined) write('data.csv', csv);
    const { status, stderr } = run('train', model);
    expect(status).toBe(3);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(expected);
  });

  it('is a model file that is not there', () => {
    const { status, stderr } = run('train', 'nowhere.mlp.json');
    expect(status).toBe(3);
    expect(stderr).toContain('nowhere.mlp.json: The model file does not exist');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from('not a tensor file at all')],
    ['a header longer than the file', Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 123])],
  ])('is a weight file of %s', (_, bytes) => {
    const weights = path.join(folder, 'w.safetensors');
    writeFileSync(weights, bytes);
    const { status, stderr } = run('train', model, '--init', weights);
    expect(status).toBe(3);
    expect(stderr).toContain('w.safetensors');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 'A command is expected'],
    [['fly'], 'There is no command "fly"'],
    [['train'], 'One model file is expected'],
    [['train', 'a', 'b'], 'One model file is expected'],
    [['train', 'a', '--fast'], "Unknown option '--fast'"],
    [['train', 'moons.mlp.json', '--steps', '0'], '--steps must be a whole number from 1 on'],
    [['train', 'moons.mlp.json', '--set', 'seed'], '--set needs path=value'],
    [['train', 'moons.mlp.json', '--set', 'optimizer.speed=3'], 'speed'],
    [['predict', 'moons.mlp.json'], '--weights is missing'],
  ])('%o is answered with what is expected, and exit 2', (args, expected) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });
});

describe('validate', () => {
  it('prints each issue as file:line:col severity code message', () => {
    const broken = write('broken.mlp.json', changed('"tanh"', '"tan"'));
    const warned = write('warned.mlp.json', changed('"name"', '"nam": 1, "name"'));
    const { status, lines } = run('validate', model, broken, warned);
    expect(status).toBe(3);
    expect(lines).toEqual([
      expect.stringMatching(/^.*broken\.mlp\.json:6:67 error invalid-value "layers\[0\]\.activation" must be one of /),
      expect.stringMatching(/^.*warned\.mlp\.json:3:3 warning unknown-key The key "nam" is unknown/),
    ]);
    expect(run('validate', warned).status).toBe(0);
  });
});

describe('compare', () => {
  it('ranks optimizers over seeds, each run equal to the same training alone', () => {
    const { status, lines } = run('compare', model, '--optimizers', 'sgd,adam', '--seeds', '2', '--json');
    expect(status).toBe(0);
    const printed = lines.map(line => JSON.parse(line) as Record<string, unknown>);
    const runs = printed.filter(({ event }) => event === 'run');
    expect(runs.map(({ optimizer, seed }) => `${String(optimizer)} ${String(seed)}`).sort()).toEqual([
      'adam 42',
      'adam 43',
      'sgd 42',
      'sgd 43',
    ]);
    const alone = events(run('train', model, '--json', '--seed', '43').stdout);
    const losses = alone.flatMap(event => (event.event === 'metrics' ? [event.validationLoss ?? NaN] : []));
    expect(runs.find(({ optimizer, seed }) => optimizer === 'adam' && seed === 43)).toMatchObject({
      bestLoss: Math.min(...losses),
      reason: 'completed',
    });
    const ranking = printed.at(-1)?.['ranking'] as { optimizer: string; bestLoss: number; runs: number }[];
    expect(ranking.map(({ runs: count }) => count)).toEqual([2, 2]);
    expect(ranking[0]?.bestLoss).toBeLessThanOrEqual(ranking[1]?.bestLoss ?? NaN);
  });

  it('knows which optimizer was meant', () => {
    const { status, stderr } = run('compare', model, '--optimizers', 'adan');
    expect(status).toBe(2);
    expect(stderr).toContain('There is no optimizer "adan". Did you mean "adam"?');
  });
});

describe('trained weights', () => {
  it('give the same metrics again, and predictions with class names', () => {
    const iris = path.join(root, 'examples/iris.mlp.json');
    const directory = path.join(folder, 'run');
    const end = events(run('train', iris, '--json', '--run-dir', directory).stdout).at(-1);
    const weights = path.join(directory, 'final.safetensors');
    const measured = run('evaluate', iris, '--weights', weights, '--json');
    expect(JSON.parse(measured.stdout)).toEqual(end?.event === 'end' ? end.metrics : {});
    const { lines } = run('predict', iris, '--weights', weights, '--input', path.join(root, 'examples/data/iris.csv'));
    expect(lines).toHaveLength(151);
    expect(lines[0]).toBe('class,setosa,versicolor,virginica');
    expect(new Set(lines.slice(1).map(line => line.split(',')[0]))).toEqual(
      new Set(['setosa', 'versicolor', 'virginica']),
    );
  });
});

describe('gradcheck', () => {
  it('finds every gradient right', () => {
    const { status, lines } = run('gradcheck', model, '--json');
    expect(status).toBe(0);
    const checks = lines.map(line => JSON.parse(line) as { tensor: string; relativeError: number });
    expect(checks.map(({ tensor }) => tensor)).toEqual([
      'hidden1.weight',
      'hidden1.bias',
      'output.weight',
      'output.bias',
    ]);
    for (const { relativeError } of checks) expect(relativeError).toBeLessThan(1e-7);
  });
});
