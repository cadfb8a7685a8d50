import { setTimeout as delay } from 'node:timers/promises';
import { loadData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { FollowRequest } from '../protocol/lab.ts';
import type { WeightSample } from '../protocol/weightSample.ts';
import { assertFits } from '../training/fits.ts';
import { requireModel } from '../training/readModelFile.ts';
import { pictureMilliseconds } from './exploration.ts';
import { FollowedPaths } from './followedPaths.ts';
import { PlanePicture, type PictureOptions } from './planePicture.ts';

export type FollowingOptions = Pick<PictureOptions, 'emit' | 'computer'> & { readonly request: FollowRequest };

/**
 * The ways of trainings that run elsewhere, over the loss surface of their network, drawn as samples of their
 * weights come in. When they are over the surface is refined. Whatever fails becomes the `end`.
 */
export class Following {
  readonly #emit: FollowingOptions['emit'];
  readonly #paths: FollowedPaths;
  readonly #picture: PlanePicture;
  /** Settles when there is something new. */
  #news = Promise.withResolvers<undefined>();
  /** Settles when nothing more will come. */
  readonly #over = Promise.withResolvers<undefined>();
  #finished = false;

  private constructor(paths: FollowedPaths, options: PictureOptions) {
    this.#emit = options.emit;
    this.#paths = paths;
    this.#picture = new PlanePicture(paths, options);
  }

  /** Reads model and data. Throws EngineError as a training does. */
  static async create({ request, emit, computer }: FollowingOptions): Promise<Following> {
    const { source, trainings, fromSeed, directions, resolution } = request;
    const read = requireModel(source.text, source.path);
    const data = await loadData(read);
    assertFits(read, data);
    const paths = new FollowedPaths(read, data, trainings, fromSeed);
    return new Following(paths, { directions, resolution, seed: read.model.seed, emit, computer });
  }

  /** Takes note of where a training stands. */
  add(training: number, sample: WeightSample): void {
    this.#paths.add(training, sample);
    this.#news.resolve(undefined);
  }

  /** The trainings are over. */
  finish(): void {
    this.#finished = true;
    this.#end();
  }

  cancel(): void {
    this.#picture.cancel();
    this.#end();
  }

  #end(): void {
    this.#news.resolve(undefined);
    this.#over.resolve(undefined);
  }

  async run(): Promise<void> {
    try {
      for (;;) {
        await this.#news.promise;
        if (this.#finished || this.#picture.isCancelled) break;
        this.#news = Promise.withResolvers();
        const began = performance.now();
        await this.#picture.drawCoarse();
        // The trainings need the cores: looking may take a fifth of the time at most.
        const pause = Math.max(pictureMilliseconds, 4 * (performance.now() - began));
        await Promise.race([delay(pause, undefined, { ref: false }), this.#over.promise]);
      }
      if (!this.#paths.isSeen && !this.#picture.isCancelled)
        throw new EngineError('not-running', 'The training was over before its weights could be seen. Choose its run.');
      await this.#picture.drawFine();
      this.#emit({ kind: 'end', reason: this.#picture.isCancelled ? 'cancelled' : 'completed' });
    } catch (thrown) {
      this.#emit({ kind: 'end', reason: 'failed', message: EngineError.from(thrown).line });
    } finally {
      await this.#picture.dispose();
    }
  }
}
