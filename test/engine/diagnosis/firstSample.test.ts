import { expect, it } from 'vitest';
import { firstSample } from '../../../engine/diagnosis/firstSample.ts';
import { openSubject } from '../../../engine/diagnosis/subject.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { networkSampleSchema } from '../../../engine/protocol/networkSample.ts';
import { Trainer } from '../../../engine/training/trainer.ts';

const given = (units: number, backend = 'reference') => {
  const text = JSON.stringify({
    version: 1,
    seed: 7,
    data: { source: { kind: 'generator', name: 'moons', samples: 90 } },
    layers: [
      { id: 'hidden1', type: 'dense', units, activation: 'tanh' },
      { id: 'r', type: 'residual', layers: [{ id: 'in', type: 'dense', units, activation: 'relu' }] },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    backend,
  });
  const { model } = parseModel(text);
  if (!model) throw new Error('The model cannot be read.');
  return { model, file: '/none/model.mlp.json', text };
};

it('the first sample shows the very weights, biases, outputs and pictures that a training starts from', async () => {
  const source = given(20);
  const first = firstSample(await openSubject(source));
  const trainer = await Trainer.create({ source, wantsGradients: () => false, emit: () => undefined });
  const trained = trainer.networkSampler.sample();
  expect(networkSampleSchema.parse(first)).toEqual(first);
  expect(first?.layers).toEqual(trained?.layers.map(layer => ({ ...layer, weightGradients: [], biasGradients: [] })));
  expect(first).toMatchObject({ step: 0, epoch: 0 });
});

it('the first sample of a large network has no pictures', async () => {
  const first = firstSample(await openSubject(given(400)));
  expect(first?.layers).toHaveLength(4);
  expect(first?.layers.flatMap(({ pictures }) => pictures)).toEqual([]);
});
