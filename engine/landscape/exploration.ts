import { loadData } from '../data/load.ts';
import { EngineError } from '../model/errors.ts';
import type { ExploreRequest } from '../protocol/lab.ts';
import { assertFits } from '../training/fits.ts';
import { requireModel } from '../training/readModelFile.ts';
import { readResumableRun } from '../training/resume.ts';
import { ComparedPaths } from './comparedPaths.ts';
import { PlanePicture, type PictureOptions } from './planePicture.ts';
import { readStoredWay } from './storedWay.ts';

export type ExplorationOptions = Pick<PictureOptions, 'emit' | 'computer'> & { readonly request: ExploreRequest };

/** Longest stretch of training between two looks at the messages, in milliseconds. */
const sliceMilliseconds = 10;
/** Shortest time between two pictures of paths that still grow. */
export const pictureMilliseconds = 400;

/**
 * The loss surface of a network and the ways of optimizers over it: trains, and while it trains shows
 * the paths and a coarse surface; at the end the surface is refined. Whatever fails becomes the `end`.
 */
export class Exploration {
  readonly #emit: ExplorationOptions['emit'];
  readonly #compared: ComparedPaths;
  readonly #picture: PlanePicture;
  #drawing: Promise<void> | undefined;

  private constructor(compared: ComparedPaths, options: PictureOptions) {
    this.#emit = options.emit;
    this.#compared = compared;
    this.#picture = new PlanePicture(compared, options);
  }

  /** Reads model, data and run. Throws EngineError as a training does. */
  static async create({ request, emit, computer }: ExplorationOptions): Promise<Exploration> {
    const { source, run, optimizers, epochs, directions, resolution } = request;
    const resumable = run && readResumableRun(run.folder, { modelFile: source.path });
    const read = resumable ? resumable.source : requireModel(source.text, source.path);
    const data = await loadData(read);
    assertFits(read, data);
    const stored = run && resumable && readStoredWay(resumable, data, run.title);
    const compared = new ComparedPaths(read, data, { optimizers, epochs, stored });
    return new Exploration(compared, { directions, resolution, seed: read.model.seed, emit, computer });
  }

  cancel(): void {
    this.#picture.cancel();
  }

  async run(): Promise<void> {
    try {
      await this.#train();
      await this.#drawing;
      await this.#picture.drawFine();
      this.#emit({ kind: 'end', reason: this.#picture.isCancelled ? 'cancelled' : 'completed' });
    } catch (thrown) {
      this.#emit({ kind: 'end', reason: 'failed', message: EngineError.from(thrown).line });
    } finally {
      await this.#picture.dispose();
    }
  }

  async #train(): Promise<void> {
    let sliceEnd = performance.now() + sliceMilliseconds;
    let pictureDue = performance.now() + pictureMilliseconds;
    while (!this.#compared.isDone && !this.#picture.isCancelled) {
      this.#compared.advance();
      if (performance.now() < sliceEnd) continue;
      if (performance.now() > pictureDue && !this.#drawing) {
        const began = performance.now();
        this.#drawing = this.#picture.drawCoarse().finally(() => (this.#drawing = undefined));
        // Looking may take a fifth of the time at most.
        pictureDue = performance.now() + Math.max(pictureMilliseconds, 4 * (performance.now() - began));
      }
      await new Promise(resolve => setImmediate(resolve));
      sliceEnd = performance.now() + sliceMilliseconds;
    }
  }
}
