import { isDeepStrictEqual } from 'node:util';
import { parseModel } from '../../engine/model/parse.ts';
import type { Model } from '../../engine/model/schema.ts';

const withRate = (model: Model, learningRate: number): Model => ({
  ...model,
  optimizer: { ...model.optimizer, learningRate },
});

/** The model of a training: as it began, with its learning rate as it is now. */
export class TrainedModel {
  readonly text: string;
  /** The training did not go on from weights of another one. */
  readonly fromSeed: boolean;
  /** The file says something else by now. */
  differs = false;
  #snapshot: Model | undefined;

  constructor(text: string, { fromSeed }: { readonly fromSeed: boolean }) {
    this.text = text;
    this.fromSeed = fromSeed;
    this.#snapshot = parseModel(text).model;
  }

  get snapshot(): Model | undefined {
    return this.#snapshot;
  }

  /**
   * Hears what the file says now, and answers with the learning rate that the training should take over: one that the user has changed,
   * unless the file names another optimizer by now. The rest stays as it was.
   */
  follow(model: Model, { rateChanged }: { readonly rateChanged: boolean }): number | undefined {
    if (!this.#snapshot) return undefined;
    const { type, learningRate } = model.optimizer;
    this.differs = !isDeepStrictEqual(withRate(model, 1), withRate(this.#snapshot, 1));
    if (!rateChanged || type !== this.#snapshot.optimizer.type) return undefined;
    this.#snapshot = withRate(this.#snapshot, learningRate);
    return learningRate;
  }
}
