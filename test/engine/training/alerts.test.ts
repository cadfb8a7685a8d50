import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GradientsEvent, TrainingEvent } from '../../../engine/protocol/events.ts';
import { Alerts } from '../../../engine/training/alerts.ts';
import { readModelText, requireModel } from '../../../engine/training/readModelFile.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import { metricsEvent } from '../../support/events.ts';

const codesOf = (events: readonly TrainingEvent[]): string[] => {
  const alerts = new Alerts();
  return events.flatMap(event => alerts.read(event)?.code ?? []);
};
const epochs = (count: number, losses: (epoch: number) => Parameters<typeof metricsEvent>[1]) =>
  Array.from({ length: count }, (_, epoch) => metricsEvent(epoch, losses(epoch)));
const gradients = (step: number, norms: readonly number[], more: object = {}): GradientsEvent => ({
  event: 'gradients',
  step,
  epoch: step,
  layers: norms.map((weightGradientNorm, i) => ({
    layerId: `layer${String(i)}`,
    weightGradientNorm,
    biasGradientNorm: 0,
    weightNorm: 1,
    updateRatio: 1e-3,
    ...(i === 0 && more),
  })),
});

describe('alerts', () => {
  it('say once that the validation loss rises while the training loss falls', () => {
    const events = epochs(60, epoch => ({
      trainLoss: 1 / (epoch + 1),
      validationLoss: epoch < 10 ? 1 - 0.05 * epoch : 0.5 + 0.05 * (epoch - 10),
    }));
    expect(codesOf(events)).toEqual(['overfitting']);
  });

  it('say nothing of a validation loss that follows the training loss', () => {
    expect(codesOf(epochs(60, epoch => ({ trainLoss: 1 / (epoch + 1), validationLoss: 1.2 / (epoch + 1) })))).toEqual(
      [],
    );
  });

  it('say that a loss stands still, unless it has come far', () => {
    expect(codesOf(epochs(60, () => ({ trainLoss: 0.69 })))).toEqual(['plateau']);
    expect(codesOf(epochs(60, epoch => ({ trainLoss: epoch === 0 ? 0.69 : 0.1 })))).toEqual([]);
  });

  it('say that gradients vanish or explode, and that nodes are dead or saturated, once three samples agree', () => {
    const samples = (norms: number[], more?: object) => [1, 2, 3, 4].map(step => gradients(step, norms, more));
    expect(codesOf(samples([1e-5, 1]))).toEqual(['vanishing-gradient']);
    expect(codesOf(samples([1e5, 1]))).toEqual(['exploding-gradient']);
    expect(codesOf(samples([1, 1], { deadShare: 0.9 }))).toEqual(['dead-units']);
    expect(codesOf(samples([1, 1], { saturatedShare: 0.9 }))).toEqual(['saturated-units']);
    expect(codesOf(samples([0.5, 1]))).toEqual([]);
    expect(codesOf([gradients(1, [1e-5, 1]), gradients(2, [1, 1]), gradients(3, [1, 1])])).toEqual([]);
  });

  it('name numbers that are not finite before the run ends', async () => {
    const source = requireModel(
      JSON.stringify({
        version: 1,
        data: { source: { kind: 'generator', name: 'plane', samples: 50 } },
        layers: [
          { id: 'hidden1', type: 'dense', units: 8, activation: 'relu' },
          { id: 'output', type: 'dense', units: 1, activation: 'identity' },
        ],
        loss: 'meanSquaredError',
        optimizer: { type: 'sgd', learningRate: 100 },
      }),
      'plane.mlp.json',
    );
    const events: TrainingEvent[] = [];
    const emit = (event: TrainingEvent) => events.push(event);
    await (await Trainer.create({ source, emit, wantsGradients: () => false })).run();
    expect(events.slice(-2)).toMatchObject([
      { event: 'warning', code: 'not-finite' },
      { event: 'end', reason: 'diverged' },
    ]);
  });

  const examples = path.resolve(import.meta.dirname, '../../../examples');
  it.each(readdirSync(examples).filter(name => name.endsWith('.mlp.json')))(
    'are silent while %s trains',
    async name => {
      const file = path.join(examples, name);
      const events: TrainingEvent[] = [];
      const trainer = await Trainer.create({
        source: requireModel(readModelText(file), file),
        emit: event => events.push(event),
        wantsGradients: () => true,
      });
      await trainer.run();
      expect(events.filter(({ event }) => event === 'warning')).toEqual([]);
    },
  );
});
