import type { Matrix } from '../backends/backend.ts';
import { referenceBackend } from '../backends/reference/reference.ts';
import type { Model } from '../model/schema.ts';
import { Network } from '../network/network.ts';
import type { Parameter } from '../network/parameter.ts';

/** All that the loss of a network depends on but its weights; it can travel to another thread. */
export interface LossProblem {
  readonly model: Pick<Model, 'layers' | 'loss'>;
  readonly features: Matrix;
  readonly targets: Matrix;
  /** What batch norm has gathered, one after the other. */
  readonly statistics: Float64Array;
}

interface WithValues {
  readonly value: Matrix;
}

/** The numbers of several matrices, one after the other. */
export function flat(matrices: readonly WithValues[]): Float64Array {
  const all = new Float64Array(matrices.reduce((sum, { value }) => sum + sizeOf(value), 0));
  let at = 0;
  for (const { value } of matrices) {
    all.set(value.values.subarray(0, sizeOf(value)), at);
    at += sizeOf(value);
  }
  return all;
}

/** Puts back what `flat` has taken. */
export function setFlat(matrices: readonly WithValues[], numbers: Float64Array): void {
  let at = 0;
  for (const { value } of matrices) {
    value.values.set(numbers.subarray(at, at + sizeOf(value)));
    at += sizeOf(value);
  }
}

const sizeOf = ({ rows, columns }: Matrix): number => rows * columns;

/** A plane in the space of all weights: centre + a · first + b · second. */
export interface WeightPlane {
  readonly center: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** The loss, penalties included, as a function of all weights; exact, in float64. */
export class LossAtWeights {
  readonly parameters: readonly Parameter[];
  readonly #network: Network;
  readonly #problem: LossProblem;

  constructor(problem: LossProblem) {
    const { model, features, statistics } = problem;
    this.#problem = problem;
    this.#network = new Network(referenceBackend, model, features.columns, features.rows);
    this.parameters = this.#network.parameters;
    setFlat(this.#network.statistics, statistics);
  }

  at(weights: Float64Array): number {
    setFlat(this.parameters, weights);
    return this.#network.evaluate(this.#problem.features, this.#problem.targets).loss + this.#network.penalty;
  }

  /** The losses at points (a, b) of a plane, given as a₀ b₀ a₁ b₁ …. */
  onPlane({ center, first, second }: WeightPlane, points: Float64Array): Float64Array {
    const weights = new Float64Array(center.length);
    return Float64Array.from({ length: points.length / 2 }, (_, i) => {
      const [a, b] = [points[2 * i]!, points[2 * i + 1]!];
      for (let k = 0; k < weights.length; k++) weights[k] = center[k]! + a * first[k]! + b * second[k]!;
      return this.at(weights);
    });
  }
}
