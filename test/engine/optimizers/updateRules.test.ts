import { describe, expect, it } from 'vitest';
import { optimizerForms, type OptimizerForm } from '../../../engine/model/fields.ts';
import { optimizerTypes, type OptimizerType } from '../../../engine/model/optimizerFields.ts';
import { optimizerUnion, type OptimizerSettings } from '../../../engine/model/schema.ts';
import { updateRules } from '../../../engine/optimizers/table.ts';
import type { UpdateRule } from '../../../engine/optimizers/updateRule.ts';

/** A weight under one optimizer, moved by given gradients. */
class Walker {
  readonly weight = new Float64Array([0]);
  readonly settings: OptimizerSettings;
  readonly #rule: UpdateRule<OptimizerType, string>;
  readonly #slots: Record<string, Float64Array>;
  #step = 0;

  constructor(type: OptimizerType, form: OptimizerForm, overrides: object = {}) {
    this.settings = optimizerUnion.parse({ type, form, ...overrides });
    this.#rule = updateRules[type];
    const initial = this.#rule.initialSlots(this.settings);
    this.#slots = Object.fromEntries(Object.entries(initial).map(([name, start]) => [name, new Float64Array([start])]));
  }

  move(gradient: number): number {
    const before = this.weight[0] ?? 0;
    this.#rule.update(this.weight, new Float64Array([gradient]), this.#slots, this.settings, ++this.#step);
    return (this.weight[0] ?? 0) - before;
  }
}

const everyForm = optimizerTypes.flatMap(type => optimizerForms.map(form => [type, form] as const));

describe('every optimizer', () => {
  it.each(everyForm)('%s in the %s form reaches the bottom of a bowl', (type, form) => {
    const walker = new Walker(type, form, { learningRate: type === 'adagrad' ? 0.5 : 0.05 });
    walker.weight[0] = 3;
    for (let step = 0; step < 3000; step++) walker.move(2 * walker.weight[0]);
    expect(Math.abs(walker.weight[0])).toBeLessThan(0.06);
  });
});

describe('adam', () => {
  it.each([
    ['article', 1e-5],
    ['pytorch', 9.900990099e-4],
    ['keras', 2.402530734e-4],
  ] as const)('moves by the %s form’s own first step when the gradient is near ε', (form, expected) => {
    const walker = new Walker('adam', form, { learningRate: 1e-3 });
    expect(-walker.move(1e-6)).toBeCloseTo(expected, 8);
  });

  it('divides by the bias correction, so that the first step is one learning rate', () => {
    expect(-new Walker('adam', 'article', { learningRate: 0.01 }).move(5)).toBeCloseTo(0.01, 9);
  });
});

describe('momentum', () => {
  it('moves alike in both forms while the learning rate stands still', () => {
    const article = new Walker('momentum', 'article');
    const pytorch = new Walker('momentum', 'pytorch');
    for (const gradient of [1, -2, 0.5]) expect(article.move(gradient)).toBeCloseTo(pytorch.move(gradient), 15);
  });

  it('parts ways after a change of the learning rate', () => {
    const article = new Walker('momentum', 'article', { learningRate: 0.1, momentum: 0.5 });
    const pytorch = new Walker('momentum', 'pytorch', { learningRate: 0.1, momentum: 0.5 });
    article.move(1);
    pytorch.move(1);
    article.settings.learningRate = 0.01;
    pytorch.settings.learningRate = 0.01;
    expect(article.move(1)).toBeCloseTo(-0.06, 12);
    expect(pytorch.move(1)).toBeCloseTo(-0.015, 12);
  });
});

describe('the defaults of each form', () => {
  it.each([
    ['adagrad', 'article', { epsilon: 1e-8, initialAccumulator: 0 }],
    ['adagrad', 'pytorch', { epsilon: 1e-10, initialAccumulator: 0 }],
    ['adagrad', 'keras', { epsilon: 1e-7, initialAccumulator: 0.1 }],
    ['rmsprop', 'pytorch', { decayRate: 0.99 }],
    ['rmsprop', 'keras', { decayRate: 0.9, epsilon: 1e-7 }],
    ['adam', 'keras', { epsilon: 1e-7 }],
  ] as const)('of %s are those of %s', (type, form, expected) => {
    expect(optimizerUnion.parse({ type, form })).toMatchObject(expected);
  });
});
