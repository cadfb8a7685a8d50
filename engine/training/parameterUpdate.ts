import type { Backend, Scalar } from '../backends/backend.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import type { GradientClip, Model } from '../model/schema.ts';
import type { Parameter } from '../network/parameter.ts';
import { clipGradients } from '../optimizers/gradientClip.ts';
import { updateRules } from '../optimizers/table.ts';
import type { Slots, UpdateRule } from '../optimizers/updateRule.ts';
import { UpdateProgram } from './updateProgram.ts';

/** Moves all parameters by their gradients, clipped where asked: in passes of the backend where it has them, else by the rule's own loop. */
export class ParameterUpdate {
  readonly #backend: Backend;
  readonly #clip: GradientClip | undefined;
  readonly #rule: UpdateRule<OptimizerType, string>;
  readonly #moved: readonly (readonly [Parameter, Slots])[];
  readonly #fault: Scalar;
  readonly #passes: { readonly program: UpdateProgram; readonly run: () => void } | undefined;

  constructor(backend: Backend, slots: ReadonlyMap<Parameter, Slots>, model: Pick<Model, 'optimizer' | 'training'>) {
    this.#backend = backend;
    this.#clip = model.training.gradientClip;
    this.#rule = updateRules[model.optimizer.type];
    this.#moved = [...slots];
    this.#fault = backend.allocateScalar();
    if (!backend.passes) return;
    const program = new UpdateProgram(backend, backend.passes, slots, model);
    this.#passes = { program, run: backend.record(() => program.call(this.#fault)) };
  }

  /** Whether a weight was not finite after the last update. */
  get overflowed(): boolean {
    return this.#fault[0] !== 0;
  }

  /** One update; `step` counts from 1. */
  run(settings: Model['optimizer'], step: number): void {
    if (this.#passes) {
      this.#passes.program.prepare(settings, step);
      this.#passes.run();
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
}
