import type { RunResult } from './experiment.ts';
import { lossOf, type CurvePoint } from './runTally.ts';

/** A run that is over, with its curve. */
export interface FinishedRun {
  readonly result: RunResult;
  readonly points: readonly CurvePoint[];
}

/** Mean and spread over the seeds of a variant. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** √(Σ(x−x̄)²/n) */
  readonly deviation: number;
}

/** How one variant did, over the seeds whose runs neither diverged nor failed. */
export interface Standing {
  readonly variant: number;
  /** Lowest loss of each run. */
  readonly bestLoss: Spread;
  readonly bestEpoch: number;
  readonly finalLoss: Spread | undefined;
  /** Accuracy or R² of the last weights. */
  readonly quality: Spread | undefined;
  readonly seconds: number;
  /** Mean first step at which the loss is at the target or below; only of the runs that came there. */
  readonly stepsToTarget: number | undefined;
  /** Runs that came to the target. */
  readonly reached: number;
  readonly runs: number;
  /** Runs that diverged or failed. */
  readonly lost: number;
}

const isSound = ({ result: { reason, bestLoss } }: FinishedRun): boolean =>
  reason !== 'diverged' && reason !== 'failed' && bestLoss !== undefined;

export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, min: Math.min(...values), max: Math.max(...values), deviation: Math.sqrt(variance) };
}

/** The first step whose loss is at `target` or below. */
export const stepsTo = (points: readonly CurvePoint[], target: number): number | undefined =>
  points.find(point => lossOf(point) <= target)?.step;

/**
 * The variants, the lowest mean of best losses first. One that lost a run to divergence comes after all
 * that lost none, and one that lost them all is left out.
 */
export function standings(runs: readonly FinishedRun[], target: number | undefined): Standing[] {
  const variants = [...new Set(runs.map(({ result }) => result.variant))];
  return variants
    .flatMap(
      variant =>
        standingOf(
          variant,
          runs.filter(({ result }) => result.variant === variant),
          target,
        ) ?? [],
    )
    .toSorted(
      (a, b) => Number(a.lost > 0) - Number(b.lost > 0) || a.bestLoss.mean - b.bestLoss.mean || a.variant - b.variant,
    );
}

function standingOf(variant: number, all: readonly FinishedRun[], target: number | undefined): Standing | undefined {
  const sound = all.filter(isSound);
  const results = sound.map(({ result }) => result);
  const bestLoss = spreadOf(results.flatMap(result => result.bestLoss ?? []));
  if (!bestLoss) return undefined;
  const steps = target === undefined ? [] : sound.flatMap(({ points }) => stepsTo(points, target) ?? []);
  return {
    variant,
    bestLoss,
    bestEpoch: spreadOf(results.flatMap(result => result.bestEpoch ?? []))?.mean ?? 0,
    finalLoss: spreadOf(results.flatMap(({ finalLoss }) => finalLoss ?? [])),
    quality: spreadOf(results.flatMap(({ accuracy, r2 }) => accuracy ?? r2 ?? [])),
    seconds: spreadOf(results.map(({ seconds }) => seconds))?.mean ?? 0,
    stepsToTarget: spreadOf(steps)?.mean,
    reached: steps.length,
    runs: sound.length,
    lost: all.length - sound.length,
  };
}

/**
 * A target where none is given: the geometric mean of the loss before the first step and of the lower quartile of the
 * runs' lowest losses, to two digits. The better runs cross it well before their end, the worse may never.
 */
export function targetOf(runs: readonly { readonly points: readonly CurvePoint[] }[]): number | undefined {
  const begun = runs.filter(({ points }) => points.length > 0).map(({ points }) => points.map(lossOf));
  const lowest = begun.map(losses => losses.reduce((a, b) => Math.min(a, b))).sort((a, b) => a - b);
  const quartile = lowest[Math.floor((lowest.length - 1) / 4)];
  const start = spreadOf(begun.flatMap(losses => losses[0] ?? []))?.mean;
  if (start === undefined || quartile === undefined || !(quartile > 0)) return undefined;
  return Number(Math.sqrt(start * quartile).toPrecision(2));
}

/** Whether all runs of a seed began with the same weights and learned from the same data. */
export interface FairStart {
  /** Seeds whose runs can be told to have begun alike. */
  readonly alike: readonly number[];
  /** Seeds with runs that began differently. */
  readonly different: readonly number[];
}

export function fairStart(results: readonly RunResult[]): FairStart {
  const beginnings = new Map<number, Set<string>>();
  for (const { seed, initialWeightsSha256, dataSha256 } of results) {
    // A run that could not begin tells nothing.
    if (initialWeightsSha256 === undefined) continue;
    const known = beginnings.get(seed) ?? new Set<string>();
    beginnings.set(seed, known.add(`${initialWeightsSha256} ${dataSha256 ?? ''}`));
  }
  const seeds = [...beginnings.keys()];
  return {
    alike: seeds.filter(seed => beginnings.get(seed)?.size === 1),
    different: seeds.filter(seed => (beginnings.get(seed)?.size ?? 0) > 1),
  };
}
