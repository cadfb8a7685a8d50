import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { readReplay } from '../../../engine/training/resume.ts';
import { metricsEvent, startEvent } from '../../support/events.ts';

describe('what is told again of a run that goes on', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlp-studio-replay-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const replayOf = (events: readonly TrainingEvent[]) => {
    writeFileSync(path.join(folder, 'metrics.jsonl'), events.map(event => JSON.stringify(event)).join('\n'));
    return readReplay(folder);
  };
  const change: TrainingEvent = { event: 'hyperparameters', step: 6, learningRate: 0.2 };
  const end: TrainingEvent = { event: 'end', reason: 'stopped', step: 8, epoch: 2, metrics: {} };

  it('is all of a short one but its start and its end', () => {
    const between = [metricsEvent(0), metricsEvent(1), change, metricsEvent(2)];
    expect(replayOf([startEvent, ...between, end])).toEqual(between);
  });

  it('is so much of a long one as can be drawn', () => {
    const metrics = Array.from({ length: 50_000 }, (_, epoch) => metricsEvent(epoch));
    const told = replayOf([startEvent, ...metrics, change]);
    expect(told.length).toBeLessThanOrEqual(20_001);
    expect(told[0]).toEqual(metrics[0]);
    expect(told.slice(-2)).toEqual([metrics.at(-1), change]);
  });
});
