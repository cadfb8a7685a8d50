import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadData } from '../../../engine/data/load.ts';
import { Random } from '../../../engine/data/random.ts';
import { readSafetensors } from '../../../engine/export/safetensors.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { MetricsEvent, TrainingEvent } from '../../../engine/protocol/events.ts';
import { trainingEventSchema } from '../../../engine/protocol/events.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const modelText = (change: object = {}) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 80, noise: 0.1 }, split: { validation: 0.25 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 6, activation: 'tanh' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.05 },
    training: { epochs: 20, batchSize: 16 },
    ...change,
  });

async function trainer(text: string, options: Partial<TrainerOptions> = {}) {
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  const events: TrainingEvent[] = [];
  const made = await Trainer.create({
    source: { model, file: path.join(folder, 'model.mlp.json'), text },
    emit: event => events.push(trainingEventSchema.parse(event)),
    wantsGradients: () => true,
    ...options,
  });
  return { trainer: made, events };
}

async function train(text: string, options: Partial<TrainerOptions> = {}) {
  const made = await trainer(text, options);
  const end = await made.trainer.run();
  return { ...made, end };
}

const losses = (events: readonly TrainingEvent[]) =>
  events
    .filter((event): event is MetricsEvent => event.event === 'metrics')
    .map(({ step, trainLoss, validationLoss }) => [step, trainLoss, validationLoss]);

describe('a training', () => {
  it('learns two moons and reports every epoch', async () => {
    const { events, end } = await train(modelText());
    expect(end).toMatchObject({ reason: 'completed', step: 80, epoch: 20 });
    expect(losses(events)).toHaveLength(21);
    expect(end.metrics.train?.loss).toBeLessThan(0.3);
    expect(end.metrics.train?.accuracy).toBeGreaterThan(0.85);
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all([
      train(modelText()),
      train(modelText()),
      train(modelText({ seed: 7 })),
    ]);
    expect(losses(again.events)).toEqual(losses(first.events));
    expect(losses(other.events)).not.toEqual(losses(first.events));
  });

  it('gives the same bits whether or not somebody looks at gradients', async () => {
    const watched = await train(modelText());
    const alone = await train(modelText(), { wantsGradients: () => false });
    expect(watched.events.filter(({ event }) => event === 'gradients')).toHaveLength(20);
    // The sample of the last step is there for whoever looks afterwards.
    expect(alone.events.filter(({ event }) => event === 'gradients')).toHaveLength(1);
    expect(losses(alone.events)).toEqual(losses(watched.events));
  });

  it('stops after exactly the steps asked for', async () => {
    expect((await train(modelText(), { steps: 7 })).end).toMatchObject({ reason: 'completed', step: 7, epoch: 2 });
  });

  it('keeps a run folder whose files agree with its events', async () => {
    const runDirectory = path.join(folder, 'run');
    const { events, end } = await train(modelText(), { runDirectory });
    const lines = readFileSync(path.join(runDirectory, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(events);
    expect(JSON.parse(readFileSync(path.join(runDirectory, 'run.json'), 'utf8'))).toMatchObject({
      status: 'completed',
      metrics: end.metrics,
      seed: 42,
    });
    expect(
      [...readSafetensors(path.join(runDirectory, 'final.safetensors')).tensors].map(([name, { shape }]) => [
        name,
        shape,
      ]),
    ).toEqual([
      ['hidden1.weight', [6, 2]],
      ['hidden1.bias', [6]],
      ['output.weight', [1, 6]],
      ['output.bias', [1]],
    ]);
  });

  it('goes on from weights that a run has left', async () => {
    const runDirectory = path.join(folder, 'run');
    const { end } = await train(modelText(), { runDirectory });
    const { events } = await train(modelText(), { initFile: path.join(runDirectory, 'final.safetensors'), steps: 1 });
    expect(losses(events)[0]?.[1]).toBe(end.metrics.train?.loss);
  });

  it('ends as diverged, naming the step, and tells only finite numbers', async () => {
    const text = modelText({
      loss: 'meanSquaredError',
      layers: [{ id: 'output', type: 'dense', units: 1 }],
      optimizer: { type: 'sgd', learningRate: 1000 },
      training: { epochs: 500 },
    });
    const { end } = await train(text);
    expect(end.reason).toBe('diverged');
    expect(end.message).toMatch(/step \d+.*Lower the learning rate/);
  });

  it('uses a changed learning rate from the next step on', async () => {
    const { trainer: running, events } = await trainer(modelText());
    expect(running.setHyperparameters({ learningRate: 0.001 })).toBe(1);
    await running.run();
    expect(
      events
        .filter((event): event is MetricsEvent => event.event === 'metrics')
        .every(({ learningRate }) => learningRate === 0.001),
    ).toBe(true);
  });

  it('sets a weight and a bias by hand between two steps, and tells of it', async () => {
    const { trainer: running, events } = await trainer(modelText());
    running.pause();
    const ended = running.run();
    await new Promise(resolve => setImmediate(resolve));
    const at = running.step;
    const set = running.setWeight({ layerId: 'hidden1', output: 1, input: 0, value: 2.5 });
    await expect(set).resolves.toBe(at + 1);
    await expect(running.setWeight({ layerId: 'hidden1', output: 2, value: -1 })).resolves.toBe(at + 1);
    const hidden = running.networkSampler.sample()?.layers[0];
    expect(hidden?.weights[2]).toBe(2.5);
    expect(hidden?.biases[2]).toBe(-1);
    expect(running.step).toBe(at);
    running.stop();
    await ended;
    expect(events.filter(({ event }) => event === 'weight')).toEqual([
      { event: 'weight', step: at, layerId: 'hidden1', output: 1, input: 0, value: 2.5 },
      { event: 'weight', step: at, layerId: 'hidden1', output: 2, value: -1 },
    ]);
  });

  it('refuses a weight that the network does not have or cannot hold, and one that comes too late', async () => {
    const { trainer: running } = await trainer(modelText());
    running.pause();
    const ended = running.run();
    const refused = (change: object) =>
      expect(running.setWeight({ layerId: 'hidden1', output: 0, input: 0, value: 1, ...change })).rejects.toMatchObject;
    await refused({ layerId: 'elsewhere' })({ code: 'invalid-weights' });
    await refused({ output: 4000 })({ code: 'invalid-weights' });
    await refused({ input: 4000 })({ code: 'invalid-weights' });
    await refused({ value: Infinity })({ code: 'invalid-weights' });
    running.stop();
    await ended;
    await refused({})({ code: 'not-running' });
  });

  it('stands still before its first step where a weight was set by hand', async () => {
    const weights = [{ layerId: 'hidden1', output: 0, input: 1, value: 3 }];
    const { trainer: running, events } = await trainer(modelText(), { weights });
    running.pause();
    const ended = running.run();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(running.step).toBe(0);
    expect(running.networkSampler.sample()?.layers[0]?.weights[1]).toBe(3);
    expect(events.slice(0, 2).map(({ event }) => event)).toEqual(['start', 'weight']);
    running.stop();
    await ended;
  });

  it('stands still while paused, and stops when asked', async () => {
    const { trainer: running } = await trainer(modelText({ training: { epochs: 1_000_000 } }));
    running.pause();
    const ended = running.run();
    await new Promise(resolve => setTimeout(resolve, 20));
    const paused = running.step;
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(running.step).toBe(paused);
    running.stop();
    expect((await ended).reason).toBe('stopped');
  });

  it.each([
    ['shape-mismatch', { data: { source: { kind: 'csv', path: 'missing.csv', target: 'y' } } }, 'file-not-readable'],
  ])('refuses %s before it begins', async (_, change, code) => {
    await expect(trainer(modelText(change))).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('follows its schedule, and says which rate each epoch had', async () => {
    const schedule = { type: 'step', every: 2, factor: 0.5 };
    const { events } = await train(modelText({ training: { epochs: 5, batchSize: 16, schedule } }));
    const rates = events.flatMap(event => (event.event === 'metrics' ? [event.learningRate] : []));
    expect(rates).toEqual([0.05, 0.05, 0.05, 0.025, 0.025, 0.0125]);
  });

  it('stops early when the validation loss no longer falls, and keeps the best weights', async () => {
    const training = { epochs: 500, batchSize: 16, earlyStopping: { patience: 3 } };
    const { events, end } = await train(modelText({ training, optimizer: { type: 'adam', learningRate: 0.3 } }));
    const validation = events.flatMap(event => (event.event === 'metrics' ? [event.validationLoss ?? NaN] : []));
    const best = Math.min(...validation.slice(1));
    expect(end.reason).toBe('earlyStopped');
    expect(validation.length - 1 - validation.lastIndexOf(best)).toBe(3);
    expect(end.metrics.validation?.loss).toBe(best);
    expect(end.message).toBe(`The weights are those of epoch ${String(validation.lastIndexOf(best))}, the best one.`);
  });

  it('trains a single step by the perceptron rule, w ← w + α(y − ŷ)x for every row', async () => {
    const text = modelText({
      data: { source: { kind: 'generator', name: 'gaussians', samples: 60, noise: 0 }, split: { validation: 0.2 } },
      layers: [{ id: 'output', type: 'dense', units: 1, activation: 'step' }],
      loss: 'meanSquaredError',
      optimizer: { type: 'sgd', learningRate: 1 },
      training: { epochs: 3, batchSize: 1, sampling: 'sequential' },
      backend: 'reference',
    });
    const runDirectory = path.join(folder, 'perceptron');
    const { end } = await train(text, { runDirectory });
    const { tensors } = readSafetensors(path.join(runDirectory, 'final.safetensors'));
    const { model } = parseModel(text);
    if (!model) throw new Error('the model of the test is wrong');
    const { features, targets, split } = await loadData({ model, file: folder, text });
    const random = new Random(42, 'initializer');
    const limit = Math.sqrt(6 / 3);
    const w = [random.uniform(-limit, limit), random.uniform(-limit, limit), 0];
    for (let epoch = 0; epoch < 3; epoch++)
      for (const row of split.train) {
        const x = [features.values[2 * row] ?? 0, features.values[2 * row + 1] ?? 0, 1];
        const answer = x.reduce((sum, value, i) => sum + value * (w[i] ?? 0), 0) > 0 ? 1 : 0;
        x.forEach((value, i) => (w[i] = (w[i] ?? 0) + ((targets.values[row] ?? 0) - answer) * value));
      }
    const learned = [...(tensors.get('output.weight')?.values ?? []), ...(tensors.get('output.bias')?.values ?? [])];
    learned.forEach((value, i) => expect(value).toBeCloseTo(w[i] ?? NaN, 10));
    expect(end.metrics.validation?.accuracy).toBe(1);
  });
});
