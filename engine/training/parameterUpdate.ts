import type { Backend, Matrix, Scalar } from '../backends/backend.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import type { GradientClip, Model } from '../model/schema.ts';
import type { Parameter } from '../network/parameter.ts';
import { clipGradients } from '../optimizers/gradientClip.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';

/** Room for the gradient's scale and limit, and the coefficients of any pass. */
const coefficientCount = 16;

/** Moves all parameters by their gradients, clipped where asked: in passes of the backend where it has them, else by the rule's own loop. */
export class ParameterUpdate {
  readonly #backend: Backend;
  readonly #clip: GradientClip | undefined;
  readonly #rule: UpdateRule<OptimizerType, string>;
  readonly #moved: readonly (readonly [Parameter, Slots])[];
  readonly #coefficients: Matrix;
  readonly #squares: Scalar;
  readonly #fault: Scalar;
  readonly #passes: (() => void) | undefined;

  constructor(
    backend: Backend,
    slots: ReadonlyMap<Parameter, Slots>,
    { optimizer, training }: Pick<Model, 'optimizer' | 'training'>,
  ) {
    this.#backend = backend;
    this.#clip = training.gradientClip;
    this.#rule = updateRules[optimizer.type];
    this.#moved = [...slots];
    this.#coefficients = backend.allocate(1, coefficientCount);
    this.#squares = backend.allocateScalar();
    this.#fault = backend.allocateScalar();
    this.#passes = this.#recordPasses();
  }

  /** Whether a weight was not finite after the last update. */
  get overflowed(): boolean {
    return this.#fault[0] !== 0;
  }

  /** One update; `step` counts from 1. */
  run(settings: Model['optimizer'], step: number): void {
    if (this.#passes) {
      this.#setCoefficients(settings, step);
      this.#passes();
      return;
    }
    const gradients = this.#moved.map(([{ gradient }]) => gradient.values);
    const clipped = this.#clip ? clipGradients(gradients, this.#clip) : gradients;
    this.#backend.clear(this.#fault);
    this.#moved.forEach(([{ value }, slots], i) => {
      const gradient = clipped[i];
      if (gradient) this.#rule.update(value.values, gradient, slots, settings, step);
      this.#backend.checkFinite(value, this.#fault);
    });
  }

  #recordPasses(): (() => void) | undefined {
    const { passes } = this.#backend;
    if (!passes) return undefined;
    return this.#backend.record(() => {
      if (this.#clip?.by === 'norm') {
        this.#backend.clear(this.#squares);
        for (const [{ gradient }] of this.#moved) passes.sumOfSquares(gradient, this.#squares);
        passes.clipByNorm(this.#squares, this.#clip.limit, this.#coefficients);
      }
      this.#backend.clear(this.#fault);
      for (const [{ value, gradient }, slots] of this.#moved) {
        const used = this.#rule.passSlots.flatMap(name => slots[name] ?? []);
        passes.update(this.#rule.pass, value, gradient, used, this.#coefficients, this.#fault);
      }
    });
  }

  #setCoefficients(settings: Model['optimizer'], step: number): void {
    const { values } = this.#coefficients;
    values[0] = 1;
    values[1] = this.#clip?.by === 'value' ? this.#clip.limit : Infinity;
    for (const [, slots] of this.#moved) this.#rule.advance?.(settings, step, slots);
    const [first] = this.#moved;
    if (first) values.set(this.#rule.coefficients(settings, step, first[1]), 2);
  }
}
