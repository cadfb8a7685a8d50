import type { MetricsEvent, SplitMetrics } from '../protocol/events.ts';
import type { TrainingSession } from './session.ts';

interface Measured {
  readonly train: SplitMetrics;
  readonly validation: SplitMetrics | undefined;
  readonly learningRate: number;
  readonly samplesPerSecond: number;
}

/** What a run says of an epoch. R² is that of the validation rows where there are any. */
export function metricsEvent(
  session: TrainingSession,
  { train: { loss, accuracy, r2 }, validation, learningRate, samplesPerSecond }: Measured,
): MetricsEvent {
  const shownR2 = validation?.r2 ?? r2;
  return {
    event: 'metrics',
    step: session.step,
    epoch: session.epochOf(session.step),
    trainLoss: loss,
    ...(accuracy !== undefined && { trainAccuracy: accuracy }),
    ...(validation && { validationLoss: validation.loss }),
    ...(validation?.accuracy !== undefined && { validationAccuracy: validation.accuracy }),
    ...(shownR2 !== undefined && { r2: shownR2 }),
    learningRate,
    samplesPerSecond: Math.round(samplesPerSecond),
  };
}
