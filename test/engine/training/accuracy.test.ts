import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');
const seeds = [1, 2, 3, 4, 5];

/** Share of the rows held out (validation and test) whose class is right after a training with `seed`. */
async function heldOutAccuracy(name: string, seed: number): Promise<number> {
  const file = path.join(examples, `${name}.mlp.json`);
  const text = JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), seed });
  const events: TrainingEvent[] = [];
  const trainer = await Trainer.create({
    source: requireModel(text, file),
    emit: event => events.push(event),
    wantsGradients: () => false,
  });
  const { metrics } = await trainer.run();
  const start = events.find(event => event.event === 'start');
  let [right, rows] = [0, 0];
  for (const part of ['validation', 'test'] as const) {
    const count = start?.rows[part] ?? 0;
    rows += count;
    right += count * (metrics[part]?.accuracy ?? 0);
  }
  return right / rows;
}

describe('the mean of five seeds on rows never trained on', () => {
  // Each seed draws another split, other initial weights and another order of the rows.
  it.each([
    ['iris', 0.953],
    ['wine', 0.978],
    ['digits', 0.964],
    ['spiral', 0.98],
  ])('of the example %s is an accuracy of at least %d', async (name, least) => {
    let sum = 0;
    for (const seed of seeds) sum += await heldOutAccuracy(name, seed);
    expect(sum / seeds.length).toBeGreaterThanOrEqual(least);
  });
});
