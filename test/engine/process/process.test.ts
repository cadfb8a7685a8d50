import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/lib/paths.mjs';
import { buildEntry } from '../../support/buildEntry.ts';
import { ForkedProcess, source, until } from './forkedProcess.ts';

let entry: string;
let running: ForkedProcess;
beforeAll(async () => {
  entry = await buildEntry('engine/process/main.ts');
});
beforeEach(() => {
  running = new ForkedProcess(entry);
});
afterEach(() => {
  running.child.kill('SIGKILL');
});

describe('the training process', () => {
  it('examines a model before its training, and explains a step of it', async () => {
    const zeros = [
      { id: 'hidden1', type: 'dense', units: 4, activation: 'tanh', initializer: 'zeros' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ];
    const { findings } = await running.trainer.diagnose(source({ layers: zeros }));
    expect(findings.map(({ code }) => code)).toEqual(['zero-weights']);
    const { operations, sample } = await running.trainer.explainStep({ source: source(), sample: 2 });
    expect(sample).toBe(2);
    expect(operations.at(-1)).toMatchObject({ phase: 'update', layerId: 'output' });
    await expect(running.trainer.explainStep({ source: source(), sample: 1000 })).rejects.toMatchObject({
      code: 'wrong-usage',
    });
  });

  it('sends the matrices of the layer that is watched, and of all at the last step', async () => {
    await running.trainer.watchLayer('output');
    await running.trainer.start({ source: source() });
    await until(() => running.hasEnded);
    const last = running.events.findLast(event => event.event === 'gradients');
    expect(last?.layers[0]?.matrices?.weight).toMatchObject({ rows: 1, columns: 2 });
  });

  it('trains and sends its events in order', async () => {
    await running.trainer.start({ source: source() });
    await until(() => running.hasEnded);
    expect(running.events.map(({ event }) => event)).toEqual([
      'start',
      ...Array.from({ length: 5 }, () => 'metrics'),
      'gradients',
      'metrics',
      'predictions',
      'end',
    ]);
  });

  it('sends gradients only after the last ones have been acknowledged, and those of the last step', async () => {
    await running.trainer.acknowledgeGradients();
    await running.trainer.start({ source: source() });
    await until(() => running.hasEnded);
    expect(running.events.flatMap(event => (event.event === 'gradients' ? [event.epoch] : []))).toEqual([1, 5]);
  });

  it('sends predictions when somebody looks, and those of the last weights', async () => {
    await running.trainer.acknowledgePredictions();
    await running.trainer.start({ source: source({ training: { epochs: 200_000 } }) });
    await until(() => running.events.some(({ event }) => event === 'predictions'));
    await running.trainer.stop();
    const [live, last, ...more] = running.events.filter(event => event.event === 'predictions');
    expect(more).toEqual([]);
    expect(live?.boundary?.values).toHaveLength(60 * 60);
    expect(live?.points).toHaveLength(60);
    expect(last?.step).toBe(running.events.findLast(event => event.event === 'end')?.step);
  });

  it('does one step of a paused training at a time', async () => {
    await running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await running.trainer.pause();
    const first = (await running.trainer.step()).step;
    expect((await running.trainer.step()).step).toBe(first + 1);
    expect((await running.trainer.step()).step).toBe(first + 2);
    await running.trainer.stop();
  });

  it('does one step when it begins paused, and further ones on request', async () => {
    await running.trainer.start({ source: source(), paused: true });
    expect(await running.trainer.step()).toEqual({ step: 2 });
    await running.trainer.resume();
    await until(() => running.hasEnded);
    expect(running.events.at(-1)).toMatchObject({ reason: 'completed', step: 10 });
  });

  it('answers with the error that the user should read, and starts nothing', async () => {
    await expect(running.trainer.start({ source: source({ training: { epochs: -1 } }) })).rejects.toMatchObject({
      code: 'invalid-model',
      place: { file: source().path, line: 1 },
    });
    await expect(running.trainer.stop()).rejects.toMatchObject({ code: 'not-running' });
    expect(running.events).toEqual([]);
  });

  it('describes data', async () => {
    expect(await running.trainer.describeData(source())).toMatchObject({
      rows: { train: 48, validation: 12, test: 0 },
      inputs: 2,
      outputs: 1,
      classes: ['0', '1'],
      features: ['x1', 'x2'],
    });
  });

  it('stops a long run, refuses a second one meanwhile, and can start again', async () => {
    const long = { source: source({ training: { epochs: 1_000_000 } }) };
    await running.trainer.start(long);
    await expect(running.trainer.start(long)).rejects.toMatchObject({ code: 'already-running' });
    await running.trainer.stop();
    expect(running.events.at(-1)).toMatchObject({ event: 'end', reason: 'stopped' });
    await running.trainer.start({ source: source() });
    await until(() => running.events.filter(({ event }) => event === 'end').length === 2);
  });

  it('stops a run that is asked to at once, however soon its data are there', async () => {
    const started = running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    expect(await running.trainer.stop()).toEqual({ step: 0 });
    await started;
    await until(() => running.hasEnded);
    expect(running.events.at(-1)).toMatchObject({ reason: 'stopped', step: 0 });
  });

  it('stops while it reads the data, and can start again', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
    try {
      writeFileSync(path.join(folder, 'large.csv'), `x,y\n${'1.5,a\n2.5,b\n'.repeat(1_000_000)}`);
      const read = { kind: 'csv', path: path.join(folder, 'large.csv'), target: 'y' };
      const started = running.trainer.start({ source: source({ data: { source: read } }) });
      const refused = expect(started).rejects.toMatchObject({ code: 'not-running' });
      expect(await running.trainer.stop()).toEqual({ step: 0 });
      await refused;
      await running.trainer.start({ source: source() });
      await until(() => running.hasEnded);
      expect(running.events.some(({ event }) => event === 'progress')).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('drops messages that fit no schema, and lives on', async () => {
    running.child.send({ t: 'q', i: 'x', m: 'setHyperparameters', a: [{ learningRate: 'evil' }] });
    running.child.send({ t: 'q', i: 'y', m: 'constructor', a: [] });
    running.child.send('nonsense');
    expect((await running.trainer.describeData(source())).inputs).toBe(2);
    await until(() => running.dropped.join('').includes('neither a call'));
    expect(running.dropped.join('')).toMatch(
      /"setHyperparameters" with wrong arguments[^]*unknown method "constructor"/,
    );
  });

  it('shows that it is alive while it trains', async () => {
    await running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await until(() => running.heartbeats >= 2);
    await running.trainer.stop();
  });

  it('ends when its host lets go of it, even while training', async () => {
    await running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    const exit = once(running.child, 'exit');
    running.child.disconnect();
    expect(await exit).toEqual([0, null]);
  });

  it('shows the network once for each request, and once more at the end', async () => {
    await running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await until(() => running.events.length > 0);
    expect(running.samples).toEqual([]);
    await running.trainer.requestNetwork();
    await until(() => running.samples.length > 0);
    await running.trainer.requestNetwork();
    await until(() => running.samples.length > 1);
    expect(running.samples[1]?.step).toBeGreaterThan(running.samples[0]?.step ?? NaN);
    const { step } = await running.trainer.stop();
    await until(() => running.hasEnded);
    expect(running.samples.map(sample => sample.step).slice(2)).toEqual([step]);
  });

  it('sends all weights for each request, and once more at the end of that run alone', async () => {
    await running.trainer.start({ source: source({ training: { epochs: 1_000_000 } }) });
    await until(() => running.events.length > 0);
    await running.trainer.requestWeights();
    await until(() => running.weights.length > 0);
    const { step } = await running.trainer.stop();
    await until(() => running.hasEnded);
    expect(running.weights.map(sample => sample.step).slice(1)).toEqual([step]);
    expect(running.weights[0]?.weights).toHaveLength(3);
    await running.trainer.start({ source: source() });
    await until(() => running.events.filter(({ event }) => event === 'end').length === 2);
    expect(running.weights).toHaveLength(2);
  });

  it('describes a table of which nothing is known yet', async () => {
    const { columns } = await running.trainer.describeTable({
      path: path.join(root, 'examples/data/iris.csv'),
      kind: 'csv',
    });
    expect(columns.at(-1)).toMatchObject({ kind: 'category', distinct: 3 });
  });
});
