import path from 'node:path';
import { LossAtWeights, type LossProblem } from '../../../engine/landscape/lossAtWeights.ts';
import type { PlaneComputer } from '../../../engine/landscape/planePicture.ts';
import type { ExploreEvent, PathsEvent } from '../../../engine/protocol/lab.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { root } from '../../../scripts/lib/paths.mjs';

/** A small model whose loss is looked at. */
export const source = (change: object = {}) => ({
  path: path.join(root, 'examples/test.mlp.json'),
  text: JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 } },
    layers: [
      { id: 'hidden', type: 'dense', units: 4, activation: 'tanh' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid', l2: 0.01 },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    ...change,
  }),
});

export const batchNormLayers = [
  { id: 'hidden', type: 'dense', units: 4, activation: 'tanh' },
  { id: 'norm', type: 'batchNorm' },
  { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
];

/** The computer of a plane without threads, and how often it was asked. */
export function inline(asked: { count: number } = { count: 0 }) {
  return (problem: LossProblem): PlaneComputer => {
    const loss = new LossAtWeights(problem);
    return {
      count: 1,
      losses: (plane, points, statistics) => {
        asked.count++;
        return Promise.resolve(loss.onPlane(plane, points, statistics));
      },
      dispose: () => Promise.resolve(),
    };
  };
}

/** A training of a model, kept in a folder. */
export function trainerOf(
  { path: file, text }: ReturnType<typeof source>,
  options: Partial<TrainerOptions> = {},
): Promise<Trainer> {
  return Trainer.create({
    source: requireModel(text, file),
    emit: () => undefined,
    wantsGradients: () => false,
    ...options,
  });
}

/** The last that an exploration has said of its paths and of its surface. */
export function lastPicture(events: readonly ExploreEvent[]) {
  const paths = events.findLast((event): event is PathsEvent => event.kind === 'paths');
  const grid = events.findLast(event => event.kind === 'grid')?.grid;
  if (!paths || !grid) throw new Error('There are no paths or no grid.');
  return { paths, grid };
}
