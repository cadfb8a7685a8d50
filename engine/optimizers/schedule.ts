import type { Schedule } from '../model/schema.ts';

/** Where a training stands when it asks for its learning rate. */
export interface SchedulePosition {
  /** Steps done before this one. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Of the whole training. */
  readonly epochs: number;
  /** How often `reduceOnPlateau` has lowered the rate. */
  readonly reductions: number;
}

/**
 * The learning rate of a step. t counts steps from 0, T is the number of all steps, e = ⌊t / stepsPerEpoch⌋, E the number of
 * epochs, α₀ the optimizer's rate.
 *
 *     constant         α = α₀
 *     step             α = α₀ · factor^⌊e / every⌋
 *     exponential      α = α₀ · factor^e
 *     cosine           α = minimum + (α₀ − minimum)(1 + cos(πe/E)) / 2
 *     reduceOnPlateau  α = max(α₀ · factor^k, minimum) after k plateaus, but never above α₀
 *     oneCycle         from α₀/startDivisor at t = 0 up to α₀ at p = rise·T − 1, then down to α₀/(startDivisor·endDivisor)
 *                      at T − 1, both along half a cosine: a + (b − a)(1 − cos(πx)) / 2 from a to b with x from 0 to 1
 *     warm-up          in the first `warmUp` epochs the above times (e + 1) / (warmUp + 1)
 *
 * Sources: PyTorch's StepLR, ExponentialLR, CosineAnnealingLR and ReduceLROnPlateau, stepped once an epoch, and OneCycleLR,
 * stepped once a step; Loshchilov & Hutter 2017; Smith & Topin 2018; Goyal et al. 2017 for the warm-up.
 */
export function learningRateAt(schedule: Schedule | undefined, initial: number, position: SchedulePosition): number {
  if (!schedule) return initial;
  if (schedule.type === 'oneCycle') return oneCycle(schedule, initial, position);
  const epoch = Math.floor(position.step / position.stepsPerEpoch);
  const { warmUp } = schedule;
  const ramp = epoch < warmUp ? (epoch + 1) / (warmUp + 1) : 1;
  return ramp * rateOfEpoch(schedule, initial, epoch, position);
}

function rateOfEpoch(
  schedule: Exclude<Schedule, { type: 'oneCycle' }>,
  initial: number,
  epoch: number,
  { epochs, reductions }: SchedulePosition,
): number {
  switch (schedule.type) {
    case 'constant':
      return initial;
    case 'step':
      return initial * schedule.factor ** Math.floor(epoch / schedule.every);
    case 'exponential':
      return initial * schedule.factor ** epoch;
    case 'cosine':
      return schedule.minimum + ((initial - schedule.minimum) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
    case 'reduceOnPlateau':
      return Math.min(initial, Math.max(initial * schedule.factor ** reductions, schedule.minimum));
  }
}

function oneCycle(
  { rise, startDivisor, endDivisor }: Extract<Schedule, { type: 'oneCycle' }>,
  initial: number,
  { step, stepsPerEpoch, epochs }: SchedulePosition,
): number {
  const last = stepsPerEpoch * epochs - 1;
  const peak = Math.max(0, rise * (last + 1) - 1);
  const start = initial / startDivisor;
  const end = start / endDivisor;
  if (step <= peak) return alongCosine(start, initial, peak > 0 ? step / peak : 1);
  // Steps beyond the plan, which --steps can ask for, keep the last rate.
  return alongCosine(initial, end, Math.min(1, (step - peak) / (last - peak)));
}

const alongCosine = (from: number, to: number, share: number): number =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
