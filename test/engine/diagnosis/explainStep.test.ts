import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { explainStep } from '../../../engine/diagnosis/explainStep.ts';
import { readSafetensors } from '../../../engine/export/safetensors.ts';
import type { Operation, StepExplanation } from '../../../engine/protocol/explanation.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { clinic, hidden, modelOf, output } from './illness.ts';

const { remove, open, write } = clinic();
afterAll(remove);
const folder = path.dirname(write('here', ''));

const everything = modelOf({
  layers: [
    hidden('hidden1', 5, 'tanh', { l1: 0.001, l2: 0.01 }),
    { id: 'drop1', type: 'dropout', rate: 0.3 },
    {
      id: 'block1',
      type: 'residual',
      layers: [
        hidden('inner', 5, 'gelu'),
        { id: 'drop', type: 'dropout', rate: 0.1 },
        { id: 'norm', type: 'layerNorm' },
      ],
    },
    { id: 'norm1', type: 'batchNorm' },
    output,
  ],
  optimizer: { type: 'adam', learningRate: 0.05 },
  training: { epochs: 5, batchSize: 6, gradientClip: { by: 'norm', limit: 0.05 }, schedule: { type: 'exponential' } },
});

async function train(text: string, options: Partial<TrainerOptions>): Promise<void> {
  const trainer = await Trainer.create({
    source: open(text),
    emit: () => undefined,
    wantsGradients: () => false,
    ...options,
  });
  await trainer.run();
}

const updates = ({ operations }: StepExplanation) => operations.filter(({ kind }) => kind === 'update');
const valuesOf = (operation: Operation | undefined, role: string) =>
  [...(operation?.operands ?? []), ...(operation?.result ?? [])].find(term => term.role === role)?.figure.values.flat();

/** The trainer's own numbers after a step; the models here are small enough to be drawn in full. */
function trainersStep(trace: string, step: number) {
  return readSafetensors(path.join(trace, `step-${String(step).padStart(6, '0')}.safetensors`));
}

describe('a step explained', () => {
  it.each([
    ['from the first weights', 0],
    ['from the weights and the optimizer’s memory of a run', 5],
  ])('is the trainer’s own step to the last bit, %s', async (_, done) => {
    const trace = path.join(folder, `trace${String(done)}`);
    const run = path.join(folder, `run${String(done)}`);
    mkdirSync(trace);
    await train(everything, { steps: done + 1, traceDirectory: trace });
    if (done > 0) await train(everything, { steps: done, runDirectory: run });
    const explanation = await explainStep(open(everything), done > 0 ? { run } : {});
    expect(explanation).toMatchObject({ step: done + 1, trained: done > 0, batchRows: 6 });
    const { tensors, metadata } = trainersStep(trace, done + 1);
    expect(explanation.loss).toBe(Number(metadata['loss']));
    expect(explanation.penalty).toBeCloseTo(Number(metadata['total']) - Number(metadata['loss']), 15);
    for (const operation of updates(explanation)) {
      const name = `${operation.layerId}.${operation.parameter ?? ''}`;
      expect(valuesOf(operation, 'after'), name).toEqual([...(tensors.get(name)?.values ?? [])]);
      const gradient = tensors.get(`${name}.grad`)?.values ?? [];
      const clipped = valuesOf(operation, 'gradient') ?? [];
      clipped.forEach((value, i) => expect(value).toBeCloseTo((gradient[i] ?? 0) * (explanation.clipShare ?? NaN), 14));
    }
    expect(updates(explanation)).toHaveLength(10);
  });

  it('names each operation’s layer, blocks included, in the order of the passes', async () => {
    const { operations } = await explainStep(open(everything));
    expect(
      operations.filter(({ phase }) => phase === 'forward').map(({ layerId, kind }) => `${layerId} ${kind}`),
    ).toEqual([
      'hidden1 dense',
      'hidden1 activation',
      'drop1 dropout',
      'block1.inner dense',
      'block1.inner activation',
      'block1.drop dropout',
      'block1.norm layerNorm',
      'block1 residual',
      'norm1 batchNorm',
      'output dense',
      'output activation',
    ]);
    expect(
      operations.filter(({ phase }) => phase === 'backward').map(({ layerId, kind }) => `${layerId} ${kind}`),
    ).toEqual([
      'output lossGradient',
      'output weightGradient',
      'output biasGradient',
      'output inputGradient',
      'norm1 batchNormGradient',
      'block1.norm layerNormGradient',
      'block1.drop dropoutGradient',
      'block1.inner activationGradient',
      'block1.inner weightGradient',
      'block1.inner biasGradient',
      'block1.inner inputGradient',
      'block1 residualGradient',
      'drop1 dropoutGradient',
      'hidden1 activationGradient',
      'hidden1 weightGradient',
      'hidden1 biasGradient',
      'hidden1 penalty',
    ]);
  });

  it('has central differences beside every gradient, which agree', async () => {
    const { operations } = await explainStep(open(everything));
    const checked = operations.filter(({ check }) => check);
    expect(checked.map(({ layerId, kind }) => `${layerId} ${kind}`)).toEqual([
      'output weightGradient',
      'output biasGradient',
      'norm1 batchNormGradient',
      'block1.norm layerNormGradient',
      'block1.inner weightGradient',
      'block1.inner biasGradient',
      'hidden1 biasGradient',
      'hidden1 penalty',
    ]);
    for (const { check } of checked) expect(check?.relativeError).toBeLessThan(1e-6);
  });

  it('writes one sample as columns: the products of the shown numbers are the shown results', async () => {
    const text = modelOf({ layers: [hidden('hidden1', 3, 'tanh'), output] });
    const { operations, batchRows, sample } = await explainStep(open(text), { sample: 3 });
    expect([batchRows, sample]).toEqual([1, 3]);
    const find = (layerId: string, kind: string) => operations.find(o => o.layerId === layerId && o.kind === kind);
    const dense = find('hidden1', 'dense');
    expect(dense?.operands.map(({ figure: { rows, columns } }) => [rows, columns])).toEqual([
      [3, 2],
      [2, 1],
      [3, 1],
    ]);
    const [w = [], x = [], b = []] = [valuesOf(dense, 'weight'), valuesOf(dense, 'input'), valuesOf(dense, 'bias')];
    valuesOf(dense, 'preActivation')?.forEach((a, j) => {
      expect(a).toBeCloseTo(b[j]! + w[2 * j]! * x[0]! + w[2 * j + 1]! * x[1]!, 14);
    });
    const gradient = find('hidden1', 'weightGradient');
    const delta = valuesOf(gradient, 'preActivationGradient') ?? [];
    expect(valuesOf(gradient, 'weightGradient')).toEqual(delta.flatMap(d => x.map(value => d * value)));
    const back = find('hidden1', 'activationGradient');
    const [g = [], slope = []] = [valuesOf(back, 'outputGradient'), valuesOf(back, 'slope')];
    expect(valuesOf(back, 'preActivationGradient')).toEqual(g.map((value, j) => value * slope[j]!));
  });

  it('writes the gradient of a norm as its formula has it', async () => {
    const { operations } = await explainStep(open(everything));
    const grids = (kind: string) => {
      const found = operations.find(operation => operation.kind === kind);
      const terms = [...(found?.operands ?? []), ...(found?.result ?? [])];
      return (role: string) => terms.find(term => term.role === role)?.figure.values ?? [];
    };
    const batch = grids('batchNormGradient');
    const row = grids('layerNormGradient');
    const at = (grid: readonly (readonly number[])[], i: number, j: number) => grid[i]?.[j] ?? NaN;
    for (let node = 0; node < 5; node++)
      for (let sample = 0; sample < 6; sample++) {
        const [g, x] = [at(batch('outputGradient'), node, sample), at(batch('normalized'), node, sample)];
        const inside = g - at(batch('meanGradient'), node, 0) - x * at(batch('meanProduct'), node, 0);
        const factor = at(batch('scale'), node, 0) / at(batch('deviation'), node, 0);
        expect(factor * inside).toBeCloseTo(at(batch('inputGradient'), node, sample), 14);
        const h = at(row('scale'), node, 0) * at(row('outputGradient'), node, sample);
        const rest = at(row('normalized'), node, sample) * at(row('meanProduct'), 0, sample);
        const value = (h - at(row('meanGradient'), 0, sample) - rest) / at(row('deviation'), 0, sample);
        expect(value).toBeCloseTo(at(row('inputGradient'), node, sample), 14);
      }
    const sums = (grid: readonly (readonly number[])[]) => grid.map(values => values.reduce((a, b) => a + b, 0));
    sums(batch('outputGradient')).forEach((sum, i) => expect(sum).toBeCloseTo(at(batch('shiftGradient'), i, 0), 14));
  });

  it('shows the corner of a large matrix and its true shape', async () => {
    const { operations } = await explainStep(open(modelOf({ layers: [hidden('hidden1', 20, 'relu'), output] })));
    const figure = operations.find(({ kind }) => kind === 'dense')?.result[0]?.figure;
    expect([figure?.rows, figure?.columns, figure?.values.length, figure?.values[0]?.length]).toEqual([20, 16, 8, 8]);
  });

  it('takes the weights of a run although the optimizer has changed, and the first ones where the layers have', async () => {
    const run = path.join(folder, 'changed');
    await train(everything, { steps: 3, runDirectory: run });
    const other = JSON.parse(everything) as { optimizer: object; layers: { units: number }[] };
    other.optimizer = { type: 'momentum', learningRate: 0.1 };
    const changedOptimizer = await explainStep(open(JSON.stringify(other)), { run });
    expect(changedOptimizer).toMatchObject({ trained: true, step: 4 });
    expect(changedOptimizer.note).toContain('optimizer');
    const kept = readSafetensors(path.join(run, 'final.safetensors')).tensors.get('hidden1.weight')?.values ?? [];
    expect(valuesOf(updates(changedOptimizer)[0], 'before')).toEqual([...kept]);
    const changedLayers = await explainStep(open(modelOf({ layers: [hidden('hidden1', 3, 'tanh'), output] })), { run });
    expect(changedLayers).toMatchObject({ trained: false, step: 1 });
    expect(changedLayers.note).toContain('layers');
    await expect(explainStep(open(everything), { run: path.join(folder, 'nowhere') })).resolves.toMatchObject({
      trained: false,
    });
  });

  it('refuses a sample that does not exist', async () => {
    await expect(explainStep(open(everything), { sample: 150 })).rejects.toMatchObject({ code: 'wrong-usage' });
  });
});
