import { describe, expect, it } from 'vitest';
import { drawnUnits } from '../../../engine/model/drawnUnits.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { networkSampleSchema, pictureSize, type NetworkSample } from '../../../engine/protocol/networkSample.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

const model = (change: object = {}) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 90 } },
    layers: [
      { id: 'wide', type: 'dense', units: 20, activation: 'tanh' },
      { id: 'r', type: 'residual', layers: [{ id: 'in', type: 'dense', units: 20, activation: 'relu' }] },
      { id: 'drop', type: 'dropout', rate: 0.5 },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    training: { epochs: 4, batchSize: 10 },
    ...change,
  });

async function run(text: string, look: (trainer: Trainer) => void) {
  const { model: read } = parseModel(text);
  if (!read) throw new Error('The model cannot be read.');
  const events: TrainingEvent[] = [];
  const made: Trainer[] = [];
  const trainer = await Trainer.create({
    source: { model: read, file: '/none/model.mlp.json', text },
    wantsGradients: () => true,
    emit: event => {
      events.push(event);
      made.forEach(look);
    },
  });
  made.push(trainer);
  await trainer.run();
  return events;
}

/** What the trainer shows after its last step. */
async function lastSample(text: string): Promise<NetworkSample> {
  let last: NetworkSample | undefined;
  await run(text, trainer => (last = trainer.networkSampler.sample()));
  if (!last) throw new Error('There is no sample.');
  return last;
}

const withoutTimes = (events: readonly TrainingEvent[]) =>
  events.map(event => (event.event === 'metrics' ? { ...event, samplesPerSecond: 0 } : event));

describe('a sample of the network', () => {
  it('has every layer, inner ones under their full name, and fits the protocol', async () => {
    const sample = await lastSample(model());
    expect(networkSampleSchema.parse(sample)).toEqual(sample);
    expect(sample.layers.map(({ name }) => name)).toEqual(['wide', 'r', 'r.in', 'drop', 'output']);
    expect(sample.step).toBe(4 * 8);
  });

  it('holds the drawn nodes and no more', async () => {
    const [wide, , inner, , output] = (await lastSample(model())).layers;
    expect(wide).toMatchObject({ inputs: 2, outputs: 20 });
    expect(wide?.weights).toHaveLength(11 * 2);
    expect(inner?.weights).toHaveLength(11 * 11);
    expect(inner?.weightGradients).toHaveLength(11 * 11);
    expect(output?.weights).toHaveLength(11);
    expect(output?.biases).toHaveLength(1);
    expect(wide?.pictures).toHaveLength(11);
    expect(wide?.largestWeight).toBeGreaterThanOrEqual(Math.max(...(wide?.weights ?? []).map(Math.abs)));
  });

  it('passes dropout as after training, and a block adds its input', async () => {
    const [wide, r, inner, drop] = (await lastSample(model())).layers;
    expect(drop?.activations).toEqual(r?.activations);
    r?.activations.forEach((value, i) =>
      expect(value).toBeCloseTo((wide?.activations[i] ?? NaN) + (inner?.activations[i] ?? NaN)),
    );
  });

  it('shows a probability by its sign around one half', async () => {
    const output = (await lastSample(model())).layers.at(-1)?.pictures[0] ?? [];
    expect(output).toHaveLength(pictureSize ** 2);
    expect(Math.min(...output)).toBeLessThan(0);
    expect(Math.max(...output)).toBeGreaterThan(0);
  });

  it('shows outputs over the plane where the inputs are computed of its points', async () => {
    const product = model({
      data: { source: { kind: 'generator', name: 'xor', samples: 90, features: ['x1*x2'] }, normalization: 'none' },
      layers: [{ id: 'output', type: 'dense', units: 1, bias: false }],
      loss: 'meanSquaredError',
    });
    const [picture = []] = (await lastSample(product)).layers[0]?.pictures ?? [];
    // The network is w x₁x₂: of one sign in opposite corners.
    const corners = [0, pictureSize - 1, pictureSize * (pictureSize - 1), pictureSize ** 2 - 1].map(i =>
      Math.sign(picture[i] ?? NaN),
    );
    const [sign = NaN] = corners;
    expect(corners).toEqual([sign, -sign, -sign, sign]);
    expect(Math.max(...picture.map(Math.abs))).toBe(127);
  });

  it('has no pictures where the data lie in no plane', async () => {
    const sine = model({
      data: { source: { kind: 'generator', name: 'sine', samples: 50 } },
      layers: [{ id: 'output', type: 'dense', units: 1 }],
      loss: 'meanSquaredError',
    });
    expect((await lastSample(sine)).layers[0]?.pictures).toEqual([]);
  });

  it('changes nothing: a run that is looked at gives the same bits', async () => {
    const looked = await run(model(), trainer => trainer.networkSampler.sample());
    const alone = await run(model(), () => undefined);
    expect(withoutTimes(looked)).toEqual(withoutTimes(alone));
  });
});

describe('the drawn units', () => {
  it.each([
    [1, [0]],
    [12, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    [13, [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12]],
    [4096, [0, 1, 2, 3, 4, 5, 4091, 4092, 4093, 4094, 4095]],
  ])('of %i are %j', (units, drawn) => {
    expect(drawnUnits(units)).toEqual(drawn);
  });
});
