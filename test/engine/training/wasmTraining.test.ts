import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { WasmBackend } from '../../../engine/backends/wasm/wasm.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { TrainingSession } from '../../../engine/training/session.ts';

const layersOf = (widths: readonly number[], inner: readonly object[] = []) => [
  ...widths.map((units, i) => ({ id: `hidden${i}`, type: 'dense', units, activation: i % 2 ? 'gelu' : 'relu' })),
  ...inner,
  { id: 'output', type: 'dense', units: 3, activation: 'softmax' },
];

function newSession(backend: WasmBackend, layers: readonly object[], rows: number, inputs: number, batchSize: number) {
  const { model, issues } = parseModel(
    JSON.stringify({
      version: 1,
      seed: 5,
      data: { source: { kind: 'csv', path: 'drawn.csv', target: 'label' } },
      layers,
      loss: 'crossEntropy',
      training: { batchSize, gradientClip: { by: 'norm', limit: 1 } },
    }),
  );
  if (!model) throw new Error(issues[0]?.message);
  const features = new Float64Array(rows * inputs).map((_, i) => Math.sin(i * 7.13));
  const targets = new Float64Array(rows * 3).map((_, i) => Number(i % 3 === Math.floor(i / 3) % 3));
  const data = {
    features: { rows, columns: inputs, values: features },
    targets: { rows, columns: 3, values: targets },
    split: {
      train: Int32Array.from({ length: rows }, (_, i) => i),
      validation: new Int32Array(),
      test: new Int32Array(),
    },
  };
  return new TrainingSession({ model, file: 'drawn.mlp.json', text: '' }, data, backend);
}

/** Trains and returns the losses of all steps, and every bit of the weights. */
function train(session: TrainingSession, steps: number) {
  const losses = Array.from({ length: steps }, () => {
    const { loss, total } = session.forwardBackward();
    expect(session.divergence(total)).toBeUndefined();
    session.update();
    expect(session.overflow()).toBeUndefined();
    return loss;
  });
  return { losses, weights: session.network.parameters.map(({ value }) => value.values.slice()) };
}

describe('training in float32', () => {
  it('gives the same bits with any number of threads, batch norm, dropout and a short last batch included', async () => {
    const inner = [
      { id: 'norm', type: 'batchNorm' },
      { id: 'drop', type: 'dropout', rate: 0.25 },
      { id: 'block', type: 'residual', layers: [{ id: 'inner', type: 'dense', units: 190, activation: 'tanh' }] },
    ];
    const start = (backend: WasmBackend) => newSession(backend, layersOf([210, 190], inner), 330, 121, 100);
    const alone = new WasmBackend(1);
    const team = new WasmBackend(2);
    const [one, two] = [start(alone), start(team)];
    const before = train(one, 1);
    expect(train(two, 1)).toEqual(before);
    await vi.waitFor(() => expect(team.readyThreads).toBe(2), 10_000);
    expect(train(two, 40)).toEqual(train(one, 40));
    team.close();
  });

  it('allocates nothing: the heap is the same after a hundred thousand steps', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const backend = new WasmBackend(1);
    const session = newSession(backend, layersOf([6]), 50, 4, 16);
    const metrics = session.newMetrics();
    const step = () => {
      const { loss, output, targets } = session.forwardBackward();
      metrics.add(loss, output, targets);
      session.update();
    };
    for (let i = 0; i < 5000; i++) step();
    collect();
    const before = process.memoryUsage();
    for (let i = 0; i < 100_000; i++) step();
    collect();
    const after = process.memoryUsage();
    expect(after.heapUsed - before.heapUsed).toBeLessThan(500_000);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(100_000);
  });
});
