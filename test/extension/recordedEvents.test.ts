import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { GradientsEvent } from '../../engine/protocol/events.ts';
import { eventsIn, readRecorded } from '../../extension/runs/recordedEvents.ts';
import { EventHistory } from '../../extension/training/eventHistory.ts';
import { metricsEvent, startEvent } from '../support/events.ts';

const gradientsEvent = (step: number): GradientsEvent => ({ event: 'gradients', step, epoch: step, layers: [] });

describe('what a run has recorded', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-recorded-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'metrics.jsonl');

  it('is read with its gradients, apart from lines that are torn or strange', async () => {
    const lines = [startEvent, metricsEvent(0), gradientsEvent(3), metricsEvent(1), gradientsEvent(7)];
    const text = lines.map(event => JSON.stringify(event)).join('\n');
    writeFileSync(file, `${text}\n{"event":"unheard of"}\n{"event":"metr`);
    const { events, gradients } = await readRecorded(file);
    expect(events).toEqual([startEvent, metricsEvent(0), metricsEvent(1)]);
    expect(gradients).toEqual([gradientsEvent(3), gradientsEvent(7)]);
  });

  it('is read from a byte on while it grows, each event once, a line only when it is whole', async () => {
    const [first, second] = [metricsEvent(1), metricsEvent(2)].map(event => JSON.stringify(event));
    writeFileSync(file, `${JSON.stringify(startEvent)}\n${first}`);
    const { end } = await readRecorded(file);
    const grown = async (start: number) => {
      const read = [];
      let next = start;
      for await (const { events, end: behind } of eventsIn(file, start)) {
        read.push(...events);
        next = behind;
      }
      return { read, next };
    };
    writeFileSync(file, `\n${second?.slice(0, 9)}`, { flag: 'a' });
    const torn = await grown(end);
    expect(torn.read).toEqual([]);
    writeFileSync(file, `${second?.slice(9)}\n`, { flag: 'a' });
    const whole = await grown(torn.next);
    expect(whole.read).toEqual([metricsEvent(2)]);
    expect(await grown(whole.next)).toEqual({ read: [], next: whole.next });
  });

  it('is, however long, what a history keeps of all its events, though few of its lines are read whole', async () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const metrics = Array.from({ length: 70_000 }, (_, epoch) => ({
      ...metricsEvent(epoch),
      trainLoss: random() ** 8 * (epoch % 997 === 0 ? 1e6 : 1),
      validationLoss: epoch % 5 === 0 ? undefined : random() * 1e-9,
    }));
    const { event, ...rest } = metricsEvent(70_001);
    const strange = { ...rest, event };
    const events = [startEvent, ...metrics, gradientsEvent(3), strange, metricsEvent(70_002)];
    writeFileSync(file, events.map(event => `${JSON.stringify(event)}\n`).join(''));
    const history = new EventHistory();
    for await (const { events: read } of eventsIn(file)) history.append(read);
    expect((await readRecorded(file)).events).toEqual(history.events);
    expect(history.events.length).toBeLessThanOrEqual(20_003);
  });

  it('is thinned where it is long', async () => {
    const metrics = Array.from({ length: 30_000 }, (_, epoch) => JSON.stringify(metricsEvent(epoch)));
    const samples = Array.from({ length: 500 }, (_, step) => JSON.stringify(gradientsEvent(step)));
    writeFileSync(file, [JSON.stringify(startEvent), ...metrics, ...samples].join('\n'));
    const { events, gradients } = await readRecorded(file);
    expect(events.length).toBeLessThanOrEqual(20_001);
    expect(events.at(-1)).toEqual(metricsEvent(29_999));
    expect(gradients.length).toBeLessThanOrEqual(200);
    expect(gradients.at(-1)).toEqual(gradientsEvent(499));
  });
});
