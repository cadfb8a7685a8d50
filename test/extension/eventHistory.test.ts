import { describe, expect, it } from 'vitest';
import { EventHistory } from '../../extension/training/eventHistory.ts';
import { RunStatus } from '../../extension/training/runStatus.ts';
import { metricsEvent as metrics, startEvent as start } from '../support/events.ts';

const epochs = (history: EventHistory) =>
  history.events.flatMap(event => (event.event === 'metrics' ? [event.epoch] : []));

describe('the history of a run', () => {
  it('keeps everything but gradients and how far the data have been read', () => {
    const history = new EventHistory();
    history.append([{ event: 'progress', bytesRead: 1, bytesTotal: 2 }]);
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
    [[start], 'epoch 0/1000'],
    [[start, metrics(12, { trainLoss: 0.0312 })], 'epoch 12/1000 · 0.031'],
    [[start, metrics(12, { validationLoss: 0.25 })], 'epoch 12/1000 · 0.250'],
    [[start, metrics(3, { trainLoss: 2e-7 })], 'epoch 3/1000 · 2.0e-7'],
  ])('after %o is "%s"', (events, text) => {
    const status = new RunStatus();
    status.read(events);
    expect(status.text).toBe(text);
  });
});
