import { describe, expect, it } from 'vitest';
import { WasmBackend } from '../../../engine/backends/wasm/wasm.ts';
import { loadData } from '../../../engine/data/load.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { DeviceSession } from '../../../engine/training/deviceSession.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { hostedDevice } from '../../support/hostedDevice.ts';

/** A session on a device, and how many numbers it has fetched from there. */
async function session() {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 } },
    layers: [
      { id: 'hidden', type: 'dense', units: 64, activation: 'relu' },
      { id: 'deep', type: 'dense', units: 32, activation: 'tanh' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.01 },
    training: { batchSize: 1 },
  });
  const { model } = parseModel(text);
  if (!model) throw new Error('The model is wrong.');
  const data = await loadData({ model, file: 'drawn.mlp.json', text });
  const plan = new TrainingSession({ model, file: 'drawn.mlp.json', text }, data, new WasmBackend(1));
  const device = hostedDevice();
  const fetched = { numbers: 0 };
  const spied = new Proxy(device, {
    get: (target, name) =>
      name === 'fetch'
        ? (numbers: Parameters<typeof device.fetch>[0]) => {
            fetched.numbers += numbers.reduce((sum, { length }) => sum + length, 0);
            return target.fetch(numbers);
          }
        : (Reflect.get(target, name) as unknown),
  });
  const sizes = { capacity: plan.network.capacity, largestBatch: plan.plan.largest };
  const onDevice = new DeviceSession(spied, model, data, sizes);
  await onDevice.load(plan.save());
  return { plan, onDevice, fetched };
}

describe('a session on a device', () => {
  it('fetches a few numbers of gradients that are looked at, and whole matrices only of the layer that is drawn', async () => {
    const { plan, onDevice, fetched } = await session();
    const fetchedBy = async (wishes: Parameters<typeof onDevice.probe>[1]) => {
      fetched.numbers = 0;
      const { layers } = await onDevice.probe(plan.draw(), wishes);
      expect(layers).toHaveLength(3);
      return fetched.numbers;
    };
    await onDevice.run([plan.draw()]);
    const withoutProbe = fetched.numbers;
    // Four summaries of four numbers and a share, for each of three layers.
    expect((await fetchedBy({ histograms: false, matrices: [] })) - withoutProbe).toBe(3 * (4 * 4 + 1));
    // Two more summaries and three histograms of thirty bins.
    expect((await fetchedBy({ histograms: true, matrices: [] })) - withoutProbe).toBe(3 * (6 * 4 + 1 + 3 * 30));
    // The weights and their gradients.
    expect((await fetchedBy({ histograms: false, matrices: ['deep'] })) - withoutProbe).toBe(
      3 * (4 * 4 + 1) + 2 * 64 * 32,
    );
  });
});
