import { describe, expect, it } from 'vitest';
import type { MetricsEvent, TrainingEvent } from '../../engine/protocol/events.ts';
import { EventHistory } from '../../extension/training/eventHistory.ts';
import { RunStatus } from '../../extension/training/runStatus.ts';

const metrics = (epoch: number, loss = 1): MetricsEvent => ({
  event: 'metrics',
  step: epoch,
  epoch,
  trainLoss: loss,
  learningRate: 0.1,
  samplesPerSecond: 1,
});
const start: TrainingEvent = {
  event: 'start',
  name: 'Test',
  seed: 1,
  backend: 'reference',
  backendReason: 'asked for',
  device: 'CPU',
  parameters: 3,
  rows: { train: 1, validation: 0, test: 0 },
  inputs: 1,
  outputs: 1,
  epochs: 50,
  totalSteps: 50,
  task: 'regression',
};
const epochs = (history: EventHistory) =>
  history.events.flatMap(event => (event.event === 'metrics' ? [event.epoch] : []));

describe('the history of a run', () => {
  it('keeps everything but gradients', () => {
    const history = new EventHistory();
    history.append([start, metrics(0), { event: 'gradients', step: 1, epoch: 1, layers: [] }, metrics(1)]);
    expect(history.events.map(({ event }) => event)).toEqual(['start', 'metrics', 'metrics']);
  });

  it('stays bounded, with its first and its latest metrics and an even rest', () => {
    const history = new EventHistory(100);
    history.append([start]);
    for (let epoch = 0; epoch <= 10_000; epoch++) {
      history.append([metrics(epoch)]);
      expect(epochs(history).at(-1)).toBe(epoch);
    }
    expect(history.events.length).toBeLessThanOrEqual(101);
    expect(history.events[0]).toBe(start);
    expect(epochs(history)[0]).toBe(0);
    expect(epochs(history)).toEqual(epochs(history).toSorted((a, b) => a - b));
  });
});

describe('the status of a run', () => {
  it.each([
    [[], 'starting'],
    [[start], 'epoch 0/50'],
    [[start, metrics(12, 0.0312)], 'epoch 12/50 · 0.031'],
    [[start, { ...metrics(12, 0.5), validationLoss: 0.25 }], 'epoch 12/50 · 0.250'],
    [[start, metrics(3, 2e-7)], 'epoch 3/50 · 2.0e-7'],
  ])('after %o is "%s"', (events, text) => {
    const status = new RunStatus();
    status.read(events);
    expect(status.text).toBe(text);
  });
});
