import type { Model } from '../engine/model/schema.ts';
import { parseModel } from '../engine/model/parse.ts';

/** A network to time: dense layers of these widths, inputs first; softmax over several outputs, a sigmoid for one. */
export interface BenchNetwork {
  readonly title: string;
  readonly widths: readonly number[];
  readonly activation: 'tanh' | 'relu';
  readonly batchSize: number;
  readonly optimizer: 'adam' | 'sgd';
}

const network = (
  widths: readonly number[],
  batchSize: number,
  activation: BenchNetwork['activation'] = 'relu',
  optimizer: BenchNetwork['optimizer'] = 'adam',
): BenchNetwork => ({
  title: `${widths.join('-')}, batch ${batchSize}${optimizer === 'sgd' ? ', SGD' : ''}`,
  widths,
  activation,
  batchSize,
  optimizer,
});

export const networks: readonly BenchNetwork[] = [
  network([2, 8, 8, 1], 16, 'tanh'),
  network([4, 16, 16, 3], 32),
  network([784, 128, 10], 64),
  network([784, 512, 512, 10], 128),
  network([1024, 1024, 1024, 1024, 10], 256),
  network([64, 2048, 2048, 10], 512, 'relu', 'sgd'),
];

/** What grows in each curve, one thing at a time. */
export const curves: Readonly<Record<string, readonly BenchNetwork[]>> = {
  batch: [32, 64, 128, 256, 512].map(batch => network([256, 256, 256, 10], batch)),
  width: [64, 128, 256, 512, 1024].map(width => network([256, width, width, 10], 128)),
  depth: [1, 2, 4, 8, 16].map(depth => network([256, ...Array.from({ length: depth }, () => 256), 10], 128)),
};

/**
 * Floating-point operations of one step's multiplications: 2·batch·inputs·outputs for the forward pass, the weights' gradient and, after
 * the first layer, the input's gradient.
 */
export const operationsOf = ({ widths, batchSize }: BenchNetwork): number =>
  widths.slice(1).reduce((sum, outputs, i) => sum + 2 * batchSize * (widths[i] ?? 0) * outputs * (i === 0 ? 2 : 3), 0);

/** The network as a model file describes it. */
export function modelOf({ widths, activation, batchSize, optimizer }: BenchNetwork): Model {
  const [, ...units] = widths;
  const outputs = units.at(-1) ?? 1;
  const lastActivation = outputs === 1 ? 'sigmoid' : 'softmax';
  const { model, issues } = parseModel(
    JSON.stringify({
      version: 1,
      data: { source: { kind: 'csv', path: 'drawn.csv', target: 'label' } },
      layers: units.map((count, i) => ({
        id: `layer${i + 1}`,
        type: 'dense',
        units: count,
        activation: i < units.length - 1 ? activation : lastActivation,
      })),
      loss: outputs === 1 ? 'binaryCrossEntropy' : 'crossEntropy',
      optimizer: { type: optimizer },
      training: { batchSize },
    }),
  );
  if (!model) throw new Error(issues[0]?.message);
  return model;
}

/** Drawn rows, eight batches of them: inputs in [−1, 1), and classes in turn. */
export function drawnRows({ widths, batchSize }: BenchNetwork): { features: Float64Array; labels: Int32Array } {
  const rows = 8 * batchSize;
  const inputs = widths[0] ?? 1;
  const classes = Math.max(2, widths.at(-1) ?? 1);
  return {
    features: Float64Array.from({ length: rows * inputs }, () => Math.random() * 2 - 1),
    labels: Int32Array.from({ length: rows }, (_, row) => row % classes),
  };
}

/** Targets as the networks want them: one number of 0 or 1, or one-hot. */
export function targetsOf({ widths }: BenchNetwork, labels: Int32Array): Float64Array {
  const outputs = widths.at(-1) ?? 1;
  const targets = new Float64Array(labels.length * outputs);
  labels.forEach((label, row) => {
    if (outputs === 1) targets[row] = label;
    else targets[row * outputs + label] = 1;
  });
  return targets;
}
