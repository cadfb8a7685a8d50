import { afterAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../engine/backends/reference/reference.ts';
import { loadData } from '../../../engine/data/load.ts';
import { sharpnessOf, stabilityOf } from '../../../engine/diagnosis/sharpness.ts';
import { openSubject } from '../../../engine/diagnosis/subject.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { clinic, csv, hidden, modelOf } from './illness.ts';

const { remove, open, write } = clinic();
afterAll(remove);

/** A line through points whose x are ±2 and ±4, without bias: L = (1/N) Σ (wx − y)², so L″ = 2 Σ x² / N = 20. */
write(
  'line.csv',
  csv(
    ['x', 'y'],
    [-4, -2, 2, 4].map(x => [x, 3 * x]),
  ),
);
const line = (optimizer: Readonly<Record<string, unknown>>) =>
  modelOf({
    data: {
      source: { kind: 'csv', path: 'line.csv', target: 'y' },
      split: { validation: 0 },
      normalization: 'none',
    },
    layers: [hidden('output', 1, 'identity', { bias: false })],
    loss: 'meanSquaredError',
    optimizer,
    training: { epochs: 200, batchSize: 'full' },
  });

/** The loss after 200 steps. */
async function lossAfter(text: string): Promise<number> {
  const given = open(text);
  const session = new TrainingSession(given, await loadData(given), referenceBackend);
  let loss = Infinity;
  for (let step = 0; step < 200; step++) {
    ({ loss } = session.forwardBackward());
    session.update();
  }
  return loss;
}

describe('the sharpness', () => {
  it('is the second derivative of a parabola', async () => {
    expect(sharpnessOf(await openSubject(open(line({ type: 'sgd', learningRate: 0.01 }))))).toBeCloseTo(20, 5);
  });

  it('is the largest eigenvalue, also where a negative one is larger in size', async () => {
    // L = (w₂w₁x − y)² with x = y = 1 at w = (0, 0): the Hessian is [[0, −2], [−2, 0]], its eigenvalues ±2.
    write(
      'one.csv',
      csv(
        ['x', 'y'],
        [
          [1, 1],
          [1, 1],
        ],
      ),
    );
    const text = modelOf({
      data: { source: { kind: 'csv', path: 'one.csv', target: 'y' }, split: { validation: 0 }, normalization: 'none' },
      layers: [
        hidden('hidden1', 1, 'identity', { bias: false, initializer: 'zeros' }),
        hidden('output', 1, 'identity', { bias: false, initializer: 'zeros' }),
      ],
      loss: 'meanSquaredError',
    });
    const subject = await openSubject(open(text));
    // Of w = (1, 0.2) too: H = 2[[w₂², 2w₁w₂ − 1], [2w₁w₂ − 1, w₁²]].
    subject.network.parameters[0]!.value.values.set([1]);
    subject.network.parameters[1]!.value.values.set([0.2]);
    const [a, b, c] = [2 * 0.04, 2 * (0.4 - 1), 2];
    expect(sharpnessOf(subject)).toBeCloseTo((a + c) / 2 + Math.hypot((a - c) / 2, b), 2);
    subject.network.parameters[0]!.value.values.set([0.2]);
    subject.network.parameters[1]!.value.values.set([-0.2]);
    const [d, e] = [2 * 0.04, 2 * (-0.08 - 1)];
    expect(sharpnessOf(subject)).toBeCloseTo(d + Math.abs(e), 1);
  });

  it.each([
    ['gradient descent', { type: 'sgd' }, 2 / 20],
    ['momentum', { type: 'momentum', momentum: 0.9 }, 3.8 / 20],
    ['momentum in PyTorch’s form', { type: 'momentum', momentum: 0.5, form: 'pytorch' }, 3 / 20],
  ])(
    'says how large the learning rate of %s may be: below it the steps settle, above it they grow',
    async (_, optimizer, limit) => {
      const at = (share: number) => line({ ...optimizer, learningRate: share * limit });
      expect(stabilityOf(await openSubject(open(at(1))))?.limit).toBeCloseTo(limit, 6);
      expect(await lossAfter(at(0.95))).toBeLessThan(1e-3);
      expect(await lossAfter(at(1.05))).toBeGreaterThan(1e3);
    },
  );

  it('gives Adam 38/λ of the preconditioned Hessian at β₁ = 0.9', async () => {
    const subject = await openSubject(open(line({ type: 'adam', learningRate: 0.01 })));
    const weight = subject.network.parameters[0]?.value.values[0] ?? 0;
    // g = 20 (w − 3), so P = √(g² + ε) = |g| and λ = 20 / |g|.
    const sharpness = 1 / Math.abs(weight - 3);
    const stability = stabilityOf(subject);
    expect(stability?.sharpness).toBeCloseTo(sharpness, 5);
    expect(stability?.limit).toBeCloseTo(38 / sharpness, 4);
  });

  it.each([
    [{ type: 'momentum', nesterov: true }],
    [{ type: 'rmsprop' }],
    [{ type: 'adagrad' }],
    [{ type: 'adamw' }],
    [{ type: 'lion' }],
  ])('is not shown for %o, which no limit is known for', async optimizer => {
    expect(stabilityOf(await openSubject(open(line(optimizer))))).toBeUndefined();
  });

  it('leaves the weights as they were', async () => {
    const subject = await openSubject(open(modelOf({})));
    const before = subject.network.parameters.map(({ value }) => value.values.slice());
    stabilityOf(subject);
    expect(subject.network.parameters.map(({ value }) => value.values)).toEqual(before);
  });
});
