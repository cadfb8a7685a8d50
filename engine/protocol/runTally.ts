import * as z from 'zod';
import type { EndEvent, MetricsEvent, StartEvent, TrainingEvent } from './events.ts';
import type { Cell, RunResult } from './experiment.ts';
import { thinned } from './thinning.ts';

/** One point of a run's curves. */
export const curvePointSchema = z.strictObject({
  step: z.int().min(0),
  epoch: z.number().min(0),
  /** Seconds of training until here: Σ rows / (rows per second) over the epochs, measuring left out. */
  seconds: z.number().min(0),
  trainLoss: z.number(),
  validationLoss: z.number().optional(),
  /** Accuracy or R², of the validation split where there is one. */
  quality: z.number().optional(),
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** Points kept of one run; dozens of runs are drawn at once. */
const maximumPoints = 1000;

/** More points, bounded; which of them stay does not depend on how many come at once. */
export function withPoints(points: readonly CurvePoint[], more: readonly CurvePoint[]): CurvePoint[] {
  let all = [...points];
  for (const point of more) {
    all.push(point);
    if (all.length > maximumPoints) all = thinned(all, maximumPoints / 2);
  }
  return all;
}

/** The loss that counts: of the validation split where there is one. */
export const lossOf = ({ validationLoss, trainLoss }: Pick<CurvePoint, 'validationLoss' | 'trainLoss'>): number =>
  validationLoss ?? trainLoss;

/** Follows one run by its events, live or from its file: its curves, and in the end its result. */
export class RunTally {
  readonly #cell: Cell;
  #start: StartEvent | undefined;
  #best: MetricsEvent | undefined;
  #end: EndEvent | undefined;
  #last: CurvePoint | undefined;
  #points: CurvePoint[] = [];

  constructor(cell: Cell) {
    this.#cell = cell;
  }

  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  /** What became of the run; undefined while it goes on. */
  get result(): RunResult | undefined {
    const end = this.#end;
    if (!end) return undefined;
    const final = end.metrics.validation ?? end.metrics.train;
    const { initialWeightsSha256, dataSha256 } = this.#start ?? {};
    return {
      variant: this.#cell.variant,
      seed: this.#cell.seed,
      reason: end.reason,
      ...(end.message !== undefined && { message: end.message }),
      ...(this.#best && { bestLoss: lossOf(this.#best), bestEpoch: this.#best.epoch }),
      ...(final && { finalLoss: final.loss }),
      ...(end.metrics.train && { trainLoss: end.metrics.train.loss }),
      ...(final?.accuracy !== undefined && { accuracy: final.accuracy }),
      ...(final?.r2 !== undefined && { r2: final.r2 }),
      seconds: this.#last?.seconds ?? 0,
      ...(initialWeightsSha256 !== undefined && { initialWeightsSha256 }),
      ...(dataSha256 !== undefined && { dataSha256 }),
    };
  }

  /** Takes in events in their order. Answers with the points that are new. */
  add(events: readonly TrainingEvent[]): CurvePoint[] {
    const added: CurvePoint[] = [];
    for (const event of events) {
      if (event.event === 'start') this.#start = event;
      if (event.event === 'end') this.#end = event;
      if (event.event !== 'metrics') continue;
      if (!this.#best || lossOf(event) < lossOf(this.#best)) this.#best = event;
      this.#last = this.#pointOf(event);
      added.push(this.#last);
    }
    this.#points = withPoints(this.#points, added);
    return added;
  }

  /** Ends a run that cannot end itself: its process died, or it could not begin. */
  fail(reason: EndEvent['reason'], message: string): void {
    const { step = 0, epoch = 0 } = this.#last ?? {};
    this.#end ??= { event: 'end', reason, step, epoch, metrics: {}, message };
  }

  #pointOf({ step, epoch, trainLoss, validationLoss, ...rest }: MetricsEvent): CurvePoint {
    const { epoch: epochBefore = 0, seconds: before = 0 } = this.#last ?? {};
    const rows = (epoch - epochBefore) * (this.#start?.rows.train ?? 0);
    const quality = rest.validationAccuracy ?? rest.r2 ?? rest.trainAccuracy;
    return {
      step,
      epoch,
      seconds: before + (rest.samplesPerSecond > 0 ? rows / rest.samplesPerSecond : 0),
      trainLoss,
      ...(validationLoss !== undefined && { validationLoss }),
      ...(quality !== undefined && { quality }),
    };
  }
}
