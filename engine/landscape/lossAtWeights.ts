import type { Matrix } from '../backends/backend.ts';
import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import type { Model } from '../model/schema.ts';
import { setFlat } from '../network/flatWeights.ts';
import { Network } from '../network/network.ts';
import type { Parameter, Statistic } from '../network/parameter.ts';

/** Rows that a loss surface is computed over, at most; taken evenly from the training rows. */
const mostRows = 1024;

/** All that the loss of a network depends on but its weights; it can travel to another thread. */
export interface LossProblem {
  readonly model: Pick<Model, 'layers' | 'loss'>;
  readonly features: Matrix;
  readonly targets: Matrix;
}

/** What makes a trained network: all its weights, and what batch norm has gathered, one after the other. */
export interface NetworkPoint {
  readonly weights: Float64Array;
  readonly statistics: Float64Array;
}

/** A plane in the space of all weights: centre + a · first + b · second. */
export interface WeightPlane {
  readonly center: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** What the loss of a model is computed over. */
export function lossProblem({ layers, loss }: Model, { features, targets, split }: LoadedData): LossProblem {
  const rows = evenly(split.train, mostRows);
  const gathered = (from: Matrix) => {
    const to = referenceBackend.allocate(rows.length, from.columns);
    referenceBackend.gather(from, rows, to);
    return to;
  };
  return { model: { layers, loss }, features: gathered(features), targets: gathered(targets) };
}

/** The loss, penalties included, as a function of all weights; exact, in float64. */
export class LossAtWeights {
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly #network: Network;
  readonly #problem: LossProblem;

  constructor(problem: LossProblem) {
    const { model, features } = problem;
    this.#problem = problem;
    this.#network = new Network(referenceBackend, model, features.columns, features.rows);
    this.parameters = this.#network.parameters;
    this.statistics = this.#network.statistics;
  }

  at({ weights, statistics }: NetworkPoint): number {
    setFlat(this.statistics, statistics);
    return this.#at(weights);
  }

  /** The losses at points (a, b) of a plane, given as a₀ b₀ a₁ b₁ …. */
  onPlane(
    { center, first, second }: WeightPlane,
    points: Float64Array,
    statistics: NetworkPoint['statistics'],
  ): Float64Array {
    setFlat(this.statistics, statistics);
    const weights = new Float64Array(center.length);
    return Float64Array.from({ length: points.length / 2 }, (_, i) => {
      const [a, b] = [points[2 * i]!, points[2 * i + 1]!];
      for (let k = 0; k < weights.length; k++) weights[k] = center[k]! + a * first[k]! + b * second[k]!;
      return this.#at(weights);
    });
  }

  #at(weights: Float64Array): number {
    setFlat(this.parameters, weights);
    return this.#network.evaluate(this.#problem.features, this.#problem.targets).loss + this.#network.penalty;
  }
}

/** At most `count` entries, from first to last in equal distances. */
function evenly(rows: Int32Array, count: number): Int32Array {
  if (rows.length <= count) return rows;
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}
