import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Channel } from '../../../engine/protocol/channel.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { labEventSchemas, type ExploreEvent, type LabCalls, type LabEvents } from '../../../engine/protocol/lab.ts';
import type { NetworkSample } from '../../../engine/protocol/networkSample.ts';
import { trainerEventSchemas, type TrainerCalls, type TrainerEvents } from '../../../engine/protocol/trainer.ts';
import { buildEntry } from '../../support/buildEntry.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let entry: string;
let child: ChildProcess;
let trainer: Channel<TrainerCalls & LabCalls, TrainerEvents & LabEvents>;
let explored: ExploreEvent[];
let events: TrainingEvent[];
let samples: NetworkSample[];
let heartbeats: number;
let dropped: string[];

beforeAll(async () => {
  entry = await buildEntry('engine/process/main.ts');
});

beforeEach(() => {
  events = [];
  explored = [];
  samples = [];
  heartbeats = 0;
  dropped = [];
  child = fork(entry, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  child.stderr?.on('data', (text: Buffer) => dropped.push(text.toString()));
  trainer = connect<TrainerCalls & LabCalls, TrainerEvents & LabEvents>(
    {
      post: message => child.send(message as object),
      onMessage: listener => {
        child.on('message', listener);
      },
    },
    {
      events: batch => {
        events.push(...batch);
      },
      network: sample => {
        samples.push(sample);
      },
      heartbeat: () => {
        heartbeats++;
      },
      explored: event => {
        explored.push(event);
      },
    },
    { schemas: { ...trainerEventSchemas, ...labEventSchemas }, onDropped: reason => dropped.push(reason) },
  );
});
afterEach(() => {
  child.kill('SIGKILL');
});

const source = (change: object = {}) => ({
  path: path.join(root, 'examples/test.mlp.json'),
  text: JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 } },
    layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
    training: { epochs: 5 },
    ...change,
  }),
});

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5));
};
const ended = () => events.at(-1)?.event === 'end';

describe('the training process', () => {
  it('examines a model before its training, and explains a step of it', async () => {
    const zeros = [
      { id: 'hidden1', type: 'dense', units: 4, activation: 'tanh', initializer: 'zeros' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ];
    const { findings } = await trainer.diagnose(source({ layers: zeros }));
    expect(findings.map(({ code }) => code)).toEqual(['zero-weights']);
    const { operations, sample } = await trainer.explainStep({ source: source(), sample: 2 });
    expect(sample).toBe(2);
    expect(operations.at(-1)).toMatchObject({ phase: 'update', layerId: 'output' });
    await expect(trainer.explainStep({ source: source(), sample: 1000 })).rejects.toMatchObject({
      code: 'wrong-usage',
    });
  });

  it('sends the matrices of the layer that is watched, and of all at the last step', async () => {
    await trainer.watchLayer('output');
    await trainer.start({ source: source() });
    await until(ended);
    const last = events.findLast(event => event.event === 'gradients');
    expect(last?.layers[0]?.matrices?.weight).toMatchObject({ rows: 1, columns: 2 });
  });

  it('trains and sends its events in order', async () => {
    await trainer.start({ source: source() });
    await until(ended);
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      ...Array.from({ length: 5 }, () => 'metrics'),
      'gradients',
      'metrics',
      'predictions',
      'end',
    ]);
  });

  it('sends gradients only after the last ones have been acknowledged, and those of the last step', async () => {
    await trainer.acknowledgeGradients();
    await trainer.start({ source: source() });
    await until(ended);
    expect(events.flatMap(event => (event.event === 'gradients' ? [event.epoch] : []))).toEqual([1, 5]);
  });

  it('sends predictions when somebody looks, and those of the last weights', async () => {
    await trainer.acknowledgePredictions();
    await trainer.start({ source: source({ training: { epochs: 200_000 } }) });
    await until(() => events.some(({ event }) => event === 'predictions'));
    await trainer.stop();
    const [live, last, ...more] = events.filter(event => event.event === 'predictions');
    expect(more).toEqual([]);
    expect(live?.boundary?.values).toHaveLength(60 * 60);
    expect(live?.points).toHaveLength(60);
    expect(last?.step).toBe(events.findLast(event => event.event === 'end')?.step);
  });

  it('does one step of a paused training at a time', async () => {
    await trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await trainer.pause();
    const first = (await trainer.step()).step;
    expect((await trainer.step()).step).toBe(first + 1);
    expect((await trainer.step()).step).toBe(first + 2);
    await trainer.stop();
  });

  it('does one step when it begins paused, and further ones on request', async () => {
    await trainer.start({ source: source(), paused: true });
    expect(await trainer.step()).toEqual({ step: 2 });
    await trainer.resume();
    await until(ended);
    expect(events.at(-1)).toMatchObject({ reason: 'completed', step: 10 });
  });

  it('answers with the error that the user should read, and starts nothing', async () => {
    await expect(trainer.start({ source: source({ training: { epochs: -1 } }) })).rejects.toMatchObject({
      code: 'invalid-model',
      place: { file: source().path, line: 1 },
    });
    await expect(trainer.stop()).rejects.toMatchObject({ code: 'not-running' });
    expect(events).toEqual([]);
  });

  it('describes data', async () => {
    expect(await trainer.describeData(source())).toMatchObject({
      rows: { train: 48, validation: 12, test: 0 },
      inputs: 2,
      outputs: 1,
      classes: ['0', '1'],
      features: ['x1', 'x2'],
    });
  });

  it('stops a long run, refuses a second one meanwhile, and can start again', async () => {
    const long = { source: source({ training: { epochs: 1_000_000 } }) };
    await trainer.start(long);
    await expect(trainer.start(long)).rejects.toMatchObject({ code: 'already-running' });
    await trainer.stop();
    expect(events.at(-1)).toMatchObject({ event: 'end', reason: 'stopped' });
    await trainer.start({ source: source() });
    await until(() => events.filter(({ event }) => event === 'end').length === 2);
  });

  it('stops a run that is asked to at once, however soon its data are there', async () => {
    const started = trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    expect(await trainer.stop()).toEqual({ step: 0 });
    await started;
    await until(ended);
    expect(events.at(-1)).toMatchObject({ reason: 'stopped', step: 0 });
  });

  it('stops while it reads the data, and can start again', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
    try {
      writeFileSync(path.join(folder, 'large.csv'), `x,y\n${'1.5,a\n2.5,b\n'.repeat(1_000_000)}`);
      const read = { kind: 'csv', path: path.join(folder, 'large.csv'), target: 'y' };
      const started = trainer.start({ source: source({ data: { source: read } }) });
      const refused = expect(started).rejects.toMatchObject({ code: 'not-running' });
      expect(await trainer.stop()).toEqual({ step: 0 });
      await refused;
      await trainer.start({ source: source() });
      await until(ended);
      expect(events.some(({ event }) => event === 'progress')).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('drops messages that fit no schema, and lives on', async () => {
    child.send({ t: 'q', i: 'x', m: 'setHyperparameters', a: [{ learningRate: 'evil' }] });
    child.send({ t: 'q', i: 'y', m: 'constructor', a: [] });
    child.send('nonsense');
    expect((await trainer.describeData(source())).inputs).toBe(2);
    await until(() => dropped.join('').includes('neither a call'));
    expect(dropped.join('')).toMatch(/"setHyperparameters" with wrong arguments[^]*unknown method "constructor"/);
  });

  it('shows that it is alive while it trains', async () => {
    await trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await until(() => heartbeats >= 2);
    await trainer.stop();
  });

  it('ends when its host lets go of it, even while training', async () => {
    await trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    const exit = once(child, 'exit');
    child.disconnect();
    expect(await exit).toEqual([0, null]);
  });

  it('shows the network once for each request, and once more at the end', async () => {
    await trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await until(() => events.length > 0);
    expect(samples).toEqual([]);
    await trainer.requestNetwork();
    await until(() => samples.length > 0);
    await trainer.requestNetwork();
    await until(() => samples.length > 1);
    expect(samples[1]?.step).toBeGreaterThan(samples[0]?.step ?? NaN);
    const { step } = await trainer.stop();
    await until(ended);
    expect(samples.map(sample => sample.step).slice(2)).toEqual([step]);
  });

  it('describes a table of which nothing is known yet', async () => {
    const { columns } = await trainer.describeTable({ path: path.join(root, 'examples/data/iris.csv'), kind: 'csv' });
    expect(columns.at(-1)).toMatchObject({ kind: 'category', distinct: 3 });
  });
});

describe('the optimizer lab of the process', () => {
  const sgd = { type: 'sgd', form: 'article', learningRate: 0.25 } as const;

  it('races, and sends what it found as numbers that are finite', async () => {
    const [track] = await trainer.race({
      surface: { kind: 'named', name: 'globalMinimum' },
      racers: [{ optimizer: sgd }],
      start: [1, 2],
      steps: 2,
      seed: 1,
    });
    expect([...(track?.positions ?? [])]).toEqual([1, 2, 0.5, 1, 0.25, 0.5]);
    expect(track).toMatchObject({ steps: 2, diverged: false });
  });

  it('answers a formula that cannot be read with where it is wrong', async () => {
    const surface = { kind: 'formula', text: 'x + sin(' } as const;
    const asked = trainer.race({ surface, racers: [{ optimizer: sgd }], start: [1, 2], steps: 2, seed: 1 });
    await expect(asked).rejects.toMatchObject({ code: 'wrong-usage', place: { line: 1, column: 9 } });
  });

  it('computes the surface of a network in threads, and the same again', async () => {
    const request = {
      source: source(),
      optimizers: [sgd],
      directions: 'random' as const,
      epochs: 2,
      resolution: 21,
    };
    await trainer.explore(request);
    await until(() => explored.at(-1)?.kind === 'end');
    await trainer.explore(request);
    await until(() => explored.filter(({ kind }) => kind === 'end').length === 2);
    const grids = explored.flatMap(event => (event.kind === 'grid' && !event.coarse ? [event.grid] : []));
    expect(grids).toHaveLength(2);
    expect([...(grids[0]?.heights ?? [])]).toEqual([...(grids[1]?.heights ?? [])]);
    expect(grids[0]?.heights.length).toBe(441);
  });

  it('ends an exploration that is cancelled, and one that a new one replaces', async () => {
    const request = {
      source: source(),
      optimizers: [sgd],
      directions: 'paths' as const,
      epochs: 100_000,
      resolution: 51,
    };
    await trainer.explore(request);
    await trainer.explore({ ...request, epochs: 1, resolution: 5 });
    await until(() => explored.filter(({ kind }) => kind === 'end').length === 2);
    expect(explored.flatMap(event => (event.kind === 'end' ? [event.reason] : []))).toEqual(['cancelled', 'completed']);
    await trainer.cancelExploration();
  });
});
