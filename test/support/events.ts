import type { GradientsEvent, MetricsEvent, StartEvent, TrainingEvent } from '../../engine/protocol/events.ts';

/** The first event of a run, as tests of what listens to runs need one. */
export const startEvent: StartEvent = {
  event: 'start',
  name: 'Test',
  seed: 1,
  backend: 'reference',
  backendReason: 'asked for',
  device: 'CPU',
  parameters: 3,
  rows: { train: 1, validation: 0, test: 0 },
  inputs: 1,
  outputs: 1,
  epochs: 1000,
  totalSteps: 4000,
  task: 'classification',
};

/** The metrics after an epoch of four steps. */
export const metricsEvent = (epoch: number, more: Partial<MetricsEvent> = {}): MetricsEvent => ({
  event: 'metrics',
  step: 4 * epoch,
  epoch,
  trainLoss: 1 / (epoch + 1),
  learningRate: 0.1,
  samplesPerSecond: 100,
  ...more,
});

/** What a gradient sample says, to the digits that float32 keeps. */
export const inFloat32 = (event: TrainingEvent): TrainingEvent =>
  event.event === 'gradients'
    ? (JSON.parse(
        JSON.stringify(event, (_, value: unknown) =>
          typeof value === 'number' ? Number(value.toPrecision(6)) : value,
        ),
      ) as GradientsEvent)
    : event;
