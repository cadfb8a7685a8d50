import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { OptimizerSettings } from '../model/schema.ts';
import { TrainingSession } from '../training/session.ts';
import { flat, LossAtWeights, type LossProblem } from './lossAtWeights.ts';

/** Rows that a loss surface is computed over, at most; taken evenly from the training rows. */
const mostRows = 1024;
/** Points of one path, and numbers of all of them together, at most. */
const mostPoints = 100;
const mostNumbers = 8e6;

/** The way of one optimizer through weight space. */
export interface WeightPath {
  readonly epochs: number[];
  readonly weights: Float64Array[];
  readonly losses: number[];
  diverged: boolean;
}

/**
 * Trains one network under several optimizers in lockstep, from the same weights over the same
 * batches, and keeps their ways through weight space. An optimizer whose numbers stop being finite
 * stops there.
 */
export class ComparedPaths {
  readonly paths: readonly WeightPath[];
  readonly loss: LossAtWeights;
  readonly rows: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  step = 0;
  readonly #sessions: readonly TrainingSession[];
  readonly #problem: Omit<LossProblem, 'statistics'>;
  readonly #stride: number;

  /** Throws `memory-limit` when the paths would not fit into memory. */
  constructor(source: ModelInFile, data: LoadedData, optimizers: readonly OptimizerSettings[], epochs: number) {
    this.#sessions = optimizers.map(
      optimizer => new TrainingSession({ ...source, model: { ...source.model, optimizer } }, data, referenceBackend),
    );
    const { model } = source;
    const chosen = evenly(data.split.train, mostRows);
    this.rows = chosen.length;
    const gathered = (columns: number) => referenceBackend.allocate(chosen.length, columns);
    const [features, targets] = [gathered(data.features.columns), gathered(data.targets.columns)];
    referenceBackend.gather(data.features, chosen, features);
    referenceBackend.gather(data.targets, chosen, targets);
    this.#problem = { model: { layers: model.layers, loss: model.loss }, features, targets };
    this.loss = new LossAtWeights(this.problem);
    const size = flat(this.loss.parameters).length;
    const points = Math.min(mostPoints, Math.floor(mostNumbers / (size * optimizers.length)));
    if (points < 5)
      throw new EngineError(
        'memory-limit',
        `The paths of ${optimizers.length} optimizers through ${size} weights do not fit into memory. Explore fewer optimizers or a smaller network.`,
      );
    this.stepsPerEpoch = this.#sessions[0]?.plan.stepsPerEpoch ?? 1;
    this.totalSteps = epochs * this.stepsPerEpoch;
    this.#stride = Math.max(1, Math.ceil(this.totalSteps / (points - 1)));
    this.paths = this.#sessions.map(() => ({ epochs: [], weights: [], losses: [], diverged: false }));
    this.#keep();
  }

  get isDone(): boolean {
    return this.step >= this.totalSteps || this.paths.every(({ diverged }) => diverged);
  }

  /** What the surface is computed from, with the statistics of the first optimizer's network as they are now. */
  get problem(): LossProblem {
    return { ...this.#problem, statistics: flat(this.#sessions[0]?.network.statistics ?? []) };
  }

  /** One step of every optimizer. */
  advance(): void {
    this.step++;
    this.#sessions.forEach((session, i) => {
      const path = this.paths[i];
      if (!path || path.diverged) return;
      const { total } = session.forwardBackward();
      if (!session.divergence(total)) session.update();
      path.diverged = session.step < this.step || session.overflow() !== undefined;
    });
    if (this.step % this.#stride === 0 || this.step === this.totalSteps) this.#keep();
  }

  #keep(): void {
    this.paths.forEach((path, i) => {
      const session = this.#sessions[i];
      if (!session || path.diverged) return;
      const weights = flat(session.network.parameters);
      const loss = this.loss.at(weights);
      if (!Number.isFinite(loss)) {
        path.diverged = true;
        return;
      }
      path.epochs.push(this.step / this.stepsPerEpoch);
      path.weights.push(weights);
      path.losses.push(loss);
    });
  }
}

/** At most `count` entries, from first to last in equal distances. */
function evenly(rows: Int32Array, count: number): Int32Array {
  if (rows.length <= count) return rows;
  return Int32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
}
