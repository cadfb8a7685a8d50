import type { EndEvent, MetricsEvent, StartEvent, TrainingEvent, WarningEvent } from '../../engine/protocol/events.ts';

/** A change of the learning rate while training. */
export interface LearningRateChange {
  readonly epoch: number;
  readonly learningRate: number;
}

/** What a run has said so far, sorted by what draws it. Events come in their order. */
export interface Curves {
  readonly start: StartEvent | undefined;
  readonly metrics: readonly MetricsEvent[];
  readonly changes: readonly LearningRateChange[];
  readonly warning: WarningEvent | undefined;
  readonly end: EndEvent | undefined;
}

export const noCurves: Curves = { start: undefined, metrics: [], changes: [], warning: undefined, end: undefined };

/** The curves with more events. */
export function extend(curves: Curves, events: readonly TrainingEvent[]): Curves {
  let { start, warning, end } = curves;
  const metrics = [...curves.metrics];
  const changes = [...curves.changes];
  for (const event of events) {
    switch (event.event) {
      case 'start':
        start = event;
        break;
      case 'metrics':
        metrics.push(event);
        break;
      case 'hyperparameters':
        changes.push({
          epoch: start ? (event.step / start.totalSteps) * start.epochs : 0,
          learningRate: event.learningRate,
        });
        break;
      case 'warning':
        warning = event.code === 'responding' ? undefined : event;
        break;
      case 'end':
        end = event;
        break;
      case 'gradients':
        // They have a view of their own.
        break;
    }
  }
  return { start, metrics, changes, warning, end };
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
