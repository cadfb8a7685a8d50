import type { Standing } from '../protocol/standings.ts';

/** A place in a ranking, as it is printed. */
export interface Figures {
  readonly bestLoss: number;
  readonly bestEpoch: number;
  readonly finalLoss: number | undefined;
  readonly quality: number | undefined;
  readonly stepsToTarget: number | undefined;
  readonly seconds: number;
  readonly runs: number;
  readonly lost: number;
}

/** The means over the seeds. */
export const figuresOf = ({
  bestLoss,
  bestEpoch,
  finalLoss,
  quality,
  stepsToTarget,
  seconds,
  runs,
  lost,
}: Standing): Figures => ({
  bestLoss: bestLoss.mean,
  bestEpoch,
  finalLoss: finalLoss?.mean,
  quality: quality?.mean,
  stepsToTarget,
  seconds,
  runs,
  lost,
});
