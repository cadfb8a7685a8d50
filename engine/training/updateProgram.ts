import type { Matrix, Operations, Scalar, UpdatePasses } from '../backends/backend.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import type { GradientClip, Model } from '../model/schema.ts';
import type { Parameter } from '../network/parameter.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';

/** Room for the gradient's scale and limit, and the coefficients of any pass. */
const coefficientCount = 16;

/** The update of all parameters as passes of a backend: operations to record once, and the numbers that change from step to step. */
export class UpdateProgram {
  readonly #operations: Operations;
  readonly #passes: UpdatePasses;
  readonly #clip: GradientClip | undefined;
  readonly #rule: UpdateRule<OptimizerType, string>;
  readonly #moved: readonly (readonly [Parameter, Slots])[];
  readonly #coefficients: Matrix;
  readonly #squares: Scalar;

  constructor(
    operations: Operations,
    passes: UpdatePasses,
    slots: ReadonlyMap<Parameter, Slots>,
    { optimizer, training }: Pick<Model, 'optimizer' | 'training'>,
  ) {
    this.#operations = operations;
    this.#passes = passes;
    this.#clip = training.gradientClip;
    this.#rule = updateRules[optimizer.type];
    this.#moved = [...slots];
    this.#coefficients = operations.allocateFed(1, coefficientCount);
    this.#squares = operations.allocateScalar();
  }

  /** What is to be recorded; `fault` hears of weights that are then not finite. */
  call(fault: Scalar | undefined): void {
    const passes = this.#passes;
    if (this.#clip?.by === 'norm') {
      this.#operations.clear(this.#squares);
      for (const [{ gradient }] of this.#moved) passes.sumOfSquares(gradient, this.#squares);
      passes.clipByNorm(this.#squares, this.#clip.limit, this.#coefficients);
    }
    if (fault) this.#operations.clear(fault);
    for (const [{ value, gradient }, slots] of this.#moved) {
      const used = this.#rule.passSlots.flatMap(name => slots[name] ?? []);
      passes.update(this.#rule.pass, value, gradient, used, this.#coefficients, fault);
    }
  }

  /** Sets the numbers of the next run; `step` counts from 1. */
  prepare(settings: Model['optimizer'], step: number): void {
    const { values } = this.#coefficients;
    values[0] = 1;
    values[1] = this.#clip?.by === 'value' ? this.#clip.limit : Infinity;
    for (const [, slots] of this.#moved) this.#rule.advance?.(settings, step, slots);
    const [first] = this.#moved;
    if (first) values.set(this.#rule.coefficients(settings, step, first[1]), 2);
  }
}
