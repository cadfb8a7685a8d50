import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import type { OptimizerSettings } from '../model/schema.ts';
import { flat, setFlat } from '../network/flatWeights.ts';
import { TrainingSession } from '../training/session.ts';
import { LossAtWeights, lossProblem, type LossProblem, type NetworkPoint } from './lossAtWeights.ts';
import type { StoredWay } from './storedWay.ts';
import { pointOf, requirePoints, type Ways } from './ways.ts';
import { WeightPath } from './weightPath.ts';

interface ComparedOptions {
  readonly optimizers: readonly OptimizerSettings[];
  readonly epochs: number;
  /** The run whose weights they all start from; without it from those that the seed draws. */
  readonly stored?: StoredWay | undefined;
}

/**
 * Trains one network under several optimizers in lockstep, from the same weights over the same
 * batches, and keeps their ways through weight space; that of the run they start from comes last. An optimizer whose
 * numbers stop being finite stops there.
 */
export class ComparedPaths implements Ways {
  readonly problem: LossProblem;
  readonly loss: LossAtWeights;
  readonly paths: readonly WeightPath[];
  readonly note: string;
  readonly epochs: number;
  readonly #sessions: readonly TrainingSession[];
  readonly #stored: StoredWay | undefined;
  readonly #stepsPerEpoch: number;
  readonly #totalSteps: number;
  readonly #stride: number;
  #step = 0;

  /** Throws `memory-limit` when the paths would not fit into memory. */
  constructor(source: ModelInFile, data: LoadedData, { optimizers, epochs, stored }: ComparedOptions) {
    this.#stored = stored;
    this.epochs = epochs;
    this.note = stored?.note ?? '';
    this.#sessions = optimizers.map(optimizer => startedAt(stored?.last, source, data, optimizer));
    this.problem = lossProblem(source.model, data);
    this.loss = new LossAtWeights(this.problem);
    const owners = [...optimizers.map(optimizer => ({ title: '', optimizer })), ...(stored ? [stored.owner] : [])];
    const points = requirePoints(owners.length, flat(this.loss.parameters).length);
    this.#stepsPerEpoch = this.#sessions[0]?.plan.stepsPerEpoch ?? 1;
    this.#totalSteps = epochs * this.#stepsPerEpoch;
    this.#stride = Math.max(1, Math.ceil(this.#totalSteps / (points - 1)));
    this.paths = owners.map(owner => new WeightPath(owner, points));
    for (const { epoch, ...point } of stored?.points ?? []) this.paths.at(-1)?.add(epoch, point, this.loss.at(point));
    // Whoever only looks at a run wants no balls on its end.
    if (!stored || epochs > 0) this.#keep();
  }

  get isDone(): boolean {
    return this.#step >= this.#totalSteps || this.#trained.every(({ diverged }) => diverged);
  }

  get epoch(): number {
    return this.#step / this.#stepsPerEpoch;
  }

  get center(): NetworkPoint | undefined {
    return this.#stored?.last ?? this.paths[0]?.points.at(-1);
  }

  /** One step of every optimizer. */
  advance(): void {
    this.#step++;
    this.#sessions.forEach((session, i) => {
      const path = this.paths[i];
      if (!path || path.diverged) return;
      const { total } = session.forwardBackward();
      if (!session.divergence(total)) session.update();
      path.diverged = session.step < this.#step || session.overflow() !== undefined;
    });
    if (this.#step % this.#stride === 0 || this.#step === this.#totalSteps) this.#keep();
  }

  get #trained(): readonly WeightPath[] {
    return this.paths.slice(0, this.#sessions.length);
  }

  #keep(): void {
    this.#trained.forEach((path, i) => {
      const session = this.#sessions[i];
      if (!session || path.diverged) return;
      const point = pointOf(session);
      const loss = this.loss.at(point);
      if (Number.isFinite(loss)) path.add(this.epoch, point, loss);
      else path.diverged = true;
    });
  }
}

function startedAt(
  start: NetworkPoint | undefined,
  source: ModelInFile,
  data: LoadedData,
  optimizer: OptimizerSettings,
): TrainingSession {
  const session = new TrainingSession({ ...source, model: { ...source.model, optimizer } }, data, referenceBackend);
  if (start) {
    setFlat(session.network.parameters, start.weights);
    setFlat(session.network.statistics, start.statistics);
  }
  return session;
}
