import type { GradientsEvent } from '../protocol/events.ts';
import { gradientsEvent, type GradientSampler } from './gradientSampler.ts';
import type { Progress } from './progress.ts';
import type { TrainingSession } from './session.ts';
import { writeTrace } from './trace.ts';
import type { TrainerOptions } from './trainerOptions.ts';

/** What the steps of a trainer need, wherever they are computed. */
export interface LoopOptions {
  readonly session: TrainingSession;
  readonly trainer: TrainerOptions;
  readonly totalSteps: number;
  readonly progress: Progress;
  readonly gradients: GradientSampler;
}

/** What a step, or some of them, led to. */
export interface Advance {
  /** What to tell the user if the numbers are not finite. */
  readonly divergence?: string | undefined;
  readonly gradients?: GradientsEvent | undefined;
}

const uneventful: Advance = {};

/** The trainer's steps where they are computed here: one at a time, and done when `advance` returns. */
export class HostLoop {
  /** The learning rate of the last step. */
  learningRate: number;
  readonly #options: LoopOptions;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.learningRate = options.session.learningRate;
  }

  /** Does one step. */
  advance(): Advance {
    const { session, trainer, totalSteps, progress, gradients } = this.#options;
    const result = session.forwardBackward();
    const divergence = session.divergence(result.total);
    if (divergence) return { divergence: divergence.at(session.step + 1) };
    progress.epochSum.add(result.loss, result.output, result.targets);
    const isLast = session.step + 1 === totalSteps;
    const endsEpoch = (session.step + 1) % session.plan.stepsPerEpoch === 0;
    // The last sample is kept for whoever looks when the run is over.
    const sampling = isLast || (endsEpoch && trainer.wantsGradients());
    if (sampling) gradients.beforeUpdate();
    this.learningRate = session.learningRate;
    session.update();
    const overflow = session.overflow();
    if (overflow) return { divergence: overflow.at(session.step) };
    if (trainer.traceDirectory) writeTrace(trainer.traceDirectory, session, result);
    if (!sampling) return uneventful;
    return { gradients: gradientsEvent(session, gradients.sample(result.output.rows, gradients.wishes(isLast))) };
  }
}
