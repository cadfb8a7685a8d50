import type { UpdatePass } from '../backends/backend.ts';
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

  /** The same update as one pass, for backends that have them: which, over which slots, with which coefficients. */
  readonly pass: UpdatePass;
  readonly passSlots: readonly Slot[];
  coefficients(settings: OptimizerSettings<T>, step: number, slots: Slots<Slot>): readonly number[];

  /** Moves what is remembered as a single number; called before the pass, once for each parameter. `update` does it itself. */
  advance?(settings: OptimizerSettings<T>, step: number, slots: Slots<Slot>): void;
}

/** The smallest normal float32: an ε below it would vanish in float32, and 0/0 with it. */
const smallest = 2 ** -126;

/** Where ε stands in √(v + ε₁) + ε₂. */
export const epsilonPlaces = (inside: boolean, epsilon: number): readonly [number, number] =>
  inside ? [Math.max(epsilon, smallest), 0] : [0, Math.max(epsilon, smallest)];
