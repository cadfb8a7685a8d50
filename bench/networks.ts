import { parseModel } from '../engine/model/parse.ts';
import type { Model } from '../engine/model/schema.ts';

/** A network to time: hidden layers of `units` ReLU nodes on the digits data, ten classes. */
export interface BenchNetwork {
  readonly title: string;
  readonly inputs: number;
  readonly units: readonly number[];
  readonly outputs: number;
  readonly batchSize: number;
  readonly steps: number;
}

export const networks: readonly BenchNetwork[] = [
  { title: 'small: 2-8-8-1, batch 16', inputs: 2, units: [8, 8], outputs: 1, batchSize: 16, steps: 2000 },
  { title: 'digits: 64-64-10, batch 32', inputs: 64, units: [64], outputs: 10, batchSize: 32, steps: 300 },
  { title: 'wide: 64-512-512-10, batch 64', inputs: 64, units: [512, 512], outputs: 10, batchSize: 64, steps: 5 },
];

/** The network as a model file describes it. */
export function modelOf({ inputs, units, outputs, batchSize }: BenchNetwork): Model {
  const hidden = units.map((count, i) => ({ id: `hidden${i + 1}`, type: 'dense', units: count, activation: 'relu' }));
  const binary = outputs === 1;
  const last = { id: 'output', type: 'dense', units: outputs, activation: binary ? 'sigmoid' : 'softmax' };
  const source =
    inputs === 2
      ? { kind: 'generator', name: 'moons', samples: 400 }
      : { kind: 'csv', path: 'data/digits.csv', target: 'label' };
  const { model, issues } = parseModel(
    JSON.stringify({
      version: 1,
      data: { source },
      layers: [...hidden, last],
      loss: binary ? 'binaryCrossEntropy' : 'crossEntropy',
      optimizer: { type: 'adam' },
      training: { batchSize },
      backend: 'reference',
    }),
  );
  if (!model) throw new Error(issues[0]?.message);
  return model;
}
