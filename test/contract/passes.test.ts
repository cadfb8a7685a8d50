import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/backends/reference/reference.ts';
import type { Backend } from '../../engine/backends/backend.ts';
import { WasmBackend } from '../../engine/backends/wasm/wasm.ts';
import { optimizerTypes } from '../../engine/model/optimizerFields.ts';
import { parseModel } from '../../engine/model/parse.ts';
import { createParameter, type Parameter } from '../../engine/network/parameter.ts';
import { updateRules } from '../../engine/optimizers/table.ts';
import { ParameterUpdate } from '../../engine/training/parameterUpdate.ts';
import { kernelBuilds } from './kernelBuilds.ts';

const forms = ['article', 'pytorch', 'keras'] as const;
const clips = [undefined, { by: 'norm', limit: 2 }, { by: 'value', limit: 0.3 }] as const;
const cases = optimizerTypes.flatMap(type =>
  forms.flatMap(form =>
    clips.map(clip => ({ type, form, clip, clipped: clip ? `clipped by ${clip.by}` : 'unclipped' })),
  ),
);

const columns = 13;
const steps = 5;
/** The gradient of a step: large and small numbers of both signs, and a 0. */
const gradientAt = (step: number, i: number) => Math.fround((i - 6) * Math.cos(step + i) * 10 ** ((i % 4) - 2));

/** Two parameters after a few updates. */
function moved(backend: Backend, { type, form, clip }: (typeof cases)[number]): number[] {
  const { model } = parseModel(
    JSON.stringify({
      version: 1,
      data: { source: { kind: 'generator', name: 'moons' } },
      layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
      loss: 'binaryCrossEntropy',
      optimizer: { type, form, learningRate: 0.05, ...(type === 'momentum' && { nesterov: form !== 'article' }) },
      training: { ...(clip && { gradientClip: clip }) },
    }),
  );
  if (!model) throw new Error('The model of the case is wrong.');
  const { optimizer } = model;
  const parameters = [1, 2].map(rows => createParameter(backend, `layer${rows}`, 'weight', rows, columns));
  for (const { value } of parameters) value.values.forEach((_, i) => (value.values[i] = Math.fround(Math.sin(i))));
  const slotsOf = ({ value }: Parameter) =>
    Object.fromEntries(
      Object.entries(updateRules[optimizer.type].initialSlots(optimizer as never)).map(([name, start]) => [
        name,
        backend.allocate(value.rows, value.columns).values.fill(start),
      ]),
    );
  const slots = new Map(parameters.map(parameter => [parameter, slotsOf(parameter)]));
  const update = new ParameterUpdate(backend, slots, model);
  for (let step = 1; step <= steps; step++) {
    for (const { gradient } of parameters)
      gradient.values.forEach((_, i) => (gradient.values[i] = gradientAt(step, i % columns)));
    // A live change of the learning rate counts from the next step.
    update.run({ ...optimizer, learningRate: step < 3 ? 0.05 : 0.02 }, step);
    expect(update.overflowed).toBe(false);
  }
  return [
    ...parameters.map(({ value }) => value.values),
    ...[...slots.values()].flatMap(named => Object.values(named)),
  ].flatMap(values => [...values]);
}

describe.each(kernelBuilds)('an update in one pass $title moves weights and slots as its rule does', ({ kernels }) => {
  it.each(cases)('$type, $form, $clipped', given => {
    const expected = moved(referenceBackend, given);
    const actual = moved(new WasmBackend(1, kernels), given);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) =>
      expect(Math.abs(value - (expected[i] ?? NaN)) / Math.max(0.1, Math.abs(expected[i] ?? NaN))).toBeLessThan(1e-5),
    );
  });
});

it.each(kernelBuilds)('a weight that stops being finite is told $title', ({ kernels }) => {
  const backend = new WasmBackend(1, kernels);
  const parameter = createParameter(backend, 'layer', 'weight', 1, 9);
  const { model } = parseModel(
    JSON.stringify({
      version: 1,
      data: { source: { kind: 'generator', name: 'moons' } },
      layers: [{ id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
      loss: 'binaryCrossEntropy',
      optimizer: { type: 'sgd', learningRate: 1000 },
    }),
  );
  if (!model) throw new Error('The model of the test is wrong.');
  const update = new ParameterUpdate(backend, new Map([[parameter, {}]]), model);
  update.run(model.optimizer, 1);
  expect(update.overflowed).toBe(false);
  parameter.gradient.values[7] = 3e38;
  update.run(model.optimizer, 2);
  expect(update.overflowed).toBe(true);
});
