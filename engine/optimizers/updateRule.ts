import type { OptimizerType } from '../model/optimizerFields.ts';
import type { OptimizerSettings } from '../model/schema.ts';

/** Numbers that a rule reads and writes in place. */
export type MutableNumbers = Float64Array | Float32Array;

/** What an optimizer remembers about each parameter, by name. */
export type Slots<Slot extends string = string> = Readonly<Record<Slot, MutableNumbers>>;

/** One optimizer. Weights and biases go through the same rule. */
export interface UpdateRule<T extends OptimizerType, Slot extends string> {
  /** The value each slot starts from. */
  initialSlots(settings: OptimizerSettings<T>): Readonly<Record<Slot, number>>;

  /** Moves `weight` in place, given ∂L/∂weight. `step` is the article's t and counts from 1. All arrays have one length. */
  update(
    weight: MutableNumbers,
    gradient: MutableNumbers,
    slots: Slots<Slot>,
    settings: OptimizerSettings<T>,
    step: number,
  ): void;
}
