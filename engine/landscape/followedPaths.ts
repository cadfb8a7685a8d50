import { referenceBackend } from '../backends/reference/reference.ts';
import type { LoadedData } from '../data/load.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { Random } from '../data/random.ts';
import { flat } from '../network/flatWeights.ts';
import { Network } from '../network/network.ts';
import type { WeightSample } from '../protocol/weightSample.ts';
import { LossAtWeights, lossProblem, type LossProblem, type NetworkPoint } from './lossAtWeights.ts';
import { pointOf, requirePoints, type Ways } from './ways.ts';
import { WeightPath, type PathOwner } from './weightPath.ts';

/** The ways of trainings that run elsewhere, as far as samples of their weights have come. */
export class FollowedPaths implements Ways {
  readonly problem: LossProblem;
  readonly loss: LossAtWeights;
  readonly paths: readonly WeightPath[];
  readonly epochs: number;
  readonly note = '';
  readonly #weights: number;
  readonly #statistics: number;
  epoch = 0;
  /** Some sample has come. */
  isSeen = false;

  /** `fromSeed`: their first weights are those that the seed draws. Throws `memory-limit` when the paths would not fit into memory. */
  constructor({ model }: ModelInFile, data: LoadedData, owners: readonly PathOwner[], fromSeed: boolean) {
    this.problem = lossProblem(model, data);
    this.loss = new LossAtWeights(this.problem);
    this.#weights = flat(this.loss.parameters).length;
    this.#statistics = flat(this.loss.statistics).length;
    const points = requirePoints(owners.length, this.#weights);
    this.paths = owners.map(owner => new WeightPath(owner, points));
    this.epochs = model.training.epochs;
    if (!fromSeed) return;
    const network = new Network(referenceBackend, model, data.features.columns, 1);
    network.initialize(new Random(model.seed, 'initializer'));
    const first = pointOf({ network });
    for (const path of this.paths) path.add(0, first, this.loss.at(first));
  }

  get center(): NetworkPoint | undefined {
    return this.paths.find(({ points }) => points.length > 0)?.points.at(-1);
  }

  /** A sample of another network, or one that says nothing new, is passed over. */
  add(index: number, { epoch, weights, statistics }: WeightSample): void {
    const path = this.paths[index];
    if (!path || weights.length !== this.#weights || statistics.length !== this.#statistics) return;
    this.isSeen = true;
    if (epoch <= (path.epochs.at(-1) ?? -1)) return;
    const loss = this.loss.at({ weights, statistics });
    if (!Number.isFinite(loss)) return;
    path.add(epoch, { weights, statistics }, loss);
    this.epoch = Math.max(this.epoch, epoch);
  }
}
