import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classOf } from '../../../engine/data/dataset.ts';
import { loadData } from '../../../engine/data/load.ts';
import { Random } from '../../../engine/data/random.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import { Workshop } from '../data/workshop.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');
const seeds = [1, 2, 3, 4, 5];

let workshop: Workshop;
beforeAll(() => {
  workshop = new Workshop();
});
afterAll(() => workshop.dispose());

interface Example {
  readonly data: object;
}

const read = (name: string): Example =>
  JSON.parse(readFileSync(path.join(examples, `${name}.mlp.json`), 'utf8')) as Example;

const modelOf = (name: string, change: object) =>
  requireModel(JSON.stringify({ ...read(name), ...change }), path.join(examples, `${name}.mlp.json`));

/** Trains and counts the rows of the validation split whose class is right afterwards. */
async function validate(name: string, change: object): Promise<{ right: number; rows: number }> {
  const events: TrainingEvent[] = [];
  const trainer = await Trainer.create({
    source: modelOf(name, change),
    emit: event => events.push(event),
    wantsGradients: () => false,
  });
  const { metrics } = await trainer.run();
  const rows = events.find(event => event.event === 'start')?.rows.validation ?? 0;
  return { right: rows * (metrics.validation?.accuracy ?? 0), rows };
}

/** The rows in `count` parts with equal shares of each class, drawn by `seed`. */
async function folds(name: string, seed: number, count: number): Promise<number[][]> {
  const { targets } = await loadData(modelOf(name, { seed }));
  const order = Int32Array.from({ length: targets.rows }, (_, row) => row);
  new Random(seed, 'split').shuffle(order);
  const parts: number[][] = Array.from({ length: count }, () => []);
  [...order].sort((a, b) => classOf(targets, a) - classOf(targets, b)).forEach((row, i) => parts[i % count]?.push(row));
  return parts;
}

/** Each row is held out once; the rest is trained on. */
async function crossValidate(name: string, seed: number): Promise<number> {
  let [right, rows] = [0, 0];
  const parts = await folds(name, seed, 4);
  for (const validation of parts) {
    const train = parts.filter(part => part !== validation).flat();
    const file = workshop.write('split.json', JSON.stringify({ train, validation }));
    const counted = await validate(name, { seed, data: { ...read(name).data, split: { file } } });
    right += counted.right;
    rows += counted.rows;
  }
  return right / rows;
}

/** The split of the example itself, drawn by `seed`. */
async function holdOut(name: string, seed: number): Promise<number> {
  const { right, rows } = await validate(name, { seed });
  return right / rows;
}

describe('the mean of five seeds on rows never trained on', () => {
  // Each seed draws other parts, other initial weights and another order. In the small tables a single row
  // weighs much, so there each row is held out in turn.
  it.each([
    ['iris', 0.953, crossValidate],
    ['wine', 0.978, crossValidate],
    ['digits', 0.964, holdOut],
    ['spiral', 0.98, holdOut],
  ] as const)('of the example %s is an accuracy of at least %d', async (name, least, measure) => {
    let sum = 0;
    for (const seed of seeds) sum += await measure(name, seed);
    expect(sum / seeds.length).toBeGreaterThanOrEqual(least);
  });
});
