import type {
  EndEvent,
  MetricsEvent,
  ProgressEvent,
  StartEvent,
  TrainingEvent,
  WarningEvent,
} from '../../engine/protocol/events.ts';
import { computedSince } from '../../engine/protocol/devices.ts';
import { thinned } from '../../engine/protocol/thinning.ts';
import type { ChartMarker } from '../kit/chartMarkers.ts';
import { figureText } from '../kit/numberText.ts';
import { t } from '../kit/language.ts';

/** A change of the learning rate while training. */
export interface LearningRateChange {
  readonly epoch: number;
  readonly learningRate: number;
}

/** A weight or a bias that was set by hand. */
export interface HandMadeWeight {
  readonly epoch: number;
  readonly isBias: boolean;
  readonly value: number;
}

/** Metrics that are kept to draw; a panel is not wider than a few thousand points. */
const maximumMetrics = 20_000;
const maximumMarks = 100;

/** What a run has said so far, sorted by what draws it. Events come in their order. */
export interface Curves {
  readonly start: StartEvent | undefined;
  readonly metrics: readonly MetricsEvent[];
  readonly changes: readonly LearningRateChange[];
  readonly weights: readonly HandMadeWeight[];
  /** Epochs at which checkpoints were written. */
  readonly checkpoints: readonly number[];
  /** How far the data have been read; undefined once the training has begun. */
  readonly progress: ProgressEvent | undefined;
  readonly warning: WarningEvent | undefined;
  readonly end: EndEvent | undefined;
}

export const noCurves: Curves = {
  start: undefined,
  metrics: [],
  changes: [],
  weights: [],
  checkpoints: [],
  progress: undefined,
  warning: undefined,
  end: undefined,
};

/** The curves with more events. */
export function extend(curves: Curves, events: readonly TrainingEvent[]): Curves {
  let { start, progress, warning, end } = curves;
  let metrics = [...curves.metrics];
  const changes = [...curves.changes];
  const weights = [...curves.weights];
  const checkpoints = [...curves.checkpoints];
  for (const event of events) {
    switch (event.event) {
      case 'start':
        start = event;
        progress = undefined;
        break;
      case 'progress':
        progress = event;
        break;
      case 'metrics':
        metrics.push(event);
        break;
      case 'hyperparameters':
        changes.push({ epoch: epochAt(start, event.step), learningRate: event.learningRate });
        break;
      case 'weight':
        weights.push({ epoch: epochAt(start, event.step), isBias: event.input === undefined, value: event.value });
        break;
      case 'warning':
        warning = event.code === 'responding' ? undefined : event;
        start &&= computedSince(start, event);
        break;
      case 'end':
        end = event;
        break;
      case 'checkpoint':
        checkpoints.push(epochAt(start, event.step));
        break;
      case 'gradients':
      case 'predictions':
        // No curve shows them.
        break;
    }
  }
  if (metrics.length > maximumMetrics) metrics = thinned(metrics, maximumMetrics / 2);
  return {
    ...{ start, metrics, changes, progress, warning, end },
    weights: weights.slice(-maximumMarks),
    checkpoints: checkpoints.slice(-maximumMarks),
  };
}

const epochAt = (start: StartEvent | undefined, step: number): number =>
  start ? (step / start.totalSteps) * start.epochs : 0;

/** What the loss chart marks: new learning rates, weights set by hand, the end of what an earlier run did, and the newest checkpoint. */
export function markersOf({ start, changes, weights, checkpoints }: Curves): ChartMarker[] {
  const resumed = start?.resumedFrom ? [{ x: epochAt(start, start.resumedFrom), label: t('resumed') }] : [];
  const newest = checkpoints.slice(-1).map(x => ({ x, label: '✓' }));
  return [
    ...resumed,
    ...newest,
    ...changes.map(({ epoch, learningRate }) => ({ x: epoch, label: `α ${figureText(learningRate)}` })),
    ...weights.map(({ epoch, isBias, value }) => ({ x: epoch, label: `${isBias ? 'b' : 'w'} ${figureText(value)}` })),
  ];
}

/** Time that is left at the speed of the run so far, in seconds; undefined before there is a speed. */
export function secondsLeft({ start, metrics, end }: Curves): number | undefined {
  const last = metrics.at(-1);
  if (!start || !last || end || last.samplesPerSecond <= 0) return undefined;
  const rowsPerStep = (start.rows.train * start.epochs) / start.totalSteps;
  return ((start.totalSteps - last.step) * rowsPerStep) / last.samplesPerSecond;
}

/** A curve by epoch; epochs in which `value` is not known are left out. */
export const points = (metrics: readonly MetricsEvent[], value: (event: MetricsEvent) => number | undefined) =>
  metrics.flatMap(event => {
    const y = value(event);
    return y === undefined ? [] : [{ x: event.epoch, y }];
  });

const columns = [
  'epoch',
  'step',
  'trainLoss',
  'validationLoss',
  'trainAccuracy',
  'validationAccuracy',
  'r2',
  'learningRate',
] as const;

/** The columns that hold anything, and a row for each metrics event. */
export function table(metrics: readonly MetricsEvent[]) {
  const used = columns.filter(name => metrics.some(event => event[name] !== undefined));
  return { columns: used, rows: metrics.map(event => used.map(name => event[name])) };
}

/** The table as CSV, with full precision. */
export function tableCsv(metrics: readonly MetricsEvent[]): string {
  const { columns: header, rows } = table(metrics);
  return [header, ...rows].map(cells => cells.map(cell => cell ?? '').join(',')).join('\n') + '\n';
}

/**
 * Where the epoch axis ends: at the last epoch when the run is over or nearly so, else at a round
 * number ahead of the curve, so that a run of a million epochs does not begin as a vertical line.
 */
export function axisEnd({ start, metrics, end }: Curves): number {
  const reached = Math.max(1, metrics.at(-1)?.epoch ?? 0);
  if (end) return reached;
  const planned = Math.max(reached, start?.epochs ?? 1);
  const ahead = roundUp(Math.max(100, reached * 1.25));
  return Math.min(planned, ahead);
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 5, 10] as const).find(factor => factor * power >= value) ?? 10) * power;
}
