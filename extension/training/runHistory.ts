import type { EndEvent, GradientsEvent, TrainingEvent } from '../../engine/protocol/events.ts';
import type { PredictionsEvent } from '../../engine/protocol/predictions.ts';
import { SampleHistory } from '../../engine/protocol/sampleHistory.ts';
import type { RecordedRun } from '../runs/recordedEvents.ts';
import { EventHistory } from './eventHistory.ts';
import { RunStatus } from './runStatus.ts';

/** What one training has said so far, for whoever looks at it now or opens a view later. */
export class RunHistory {
  readonly status = new RunStatus();
  readonly #events = new EventHistory();
  readonly #gradients = new SampleHistory();
  latestPredictions: PredictionsEvent | undefined;
  /** Another process does the training, and its file will tell more. */
  goesOnElsewhere = false;

  /** The history of a training that was recorded earlier. */
  static of({ events, gradients, goesOn = false }: RecordedRun): RunHistory {
    const history = new RunHistory();
    history.goesOnElsewhere = goesOn;
    for (const sample of gradients) history.sample(sample);
    history.append(events);
    return history;
  }

  get events(): readonly TrainingEvent[] {
    return this.#events.events;
  }

  /** Gradient samples, oldest first. */
  get gradients(): readonly GradientsEvent[] {
    return this.#gradients.samples;
  }

  /** The folder that keeps the training, if it is kept. */
  get folder(): string | undefined {
    return this.status.start?.runDirectory;
  }

  /** Whether the training, if it runs no more, could go on where it stopped or was cut off. */
  get isResumable(): boolean {
    const reason = this.status.end?.reason;
    if (this.goesOnElsewhere) return false;
    return this.folder !== undefined && (reason === undefined || reason === 'stopped' || reason === 'failed');
  }

  append(events: readonly TrainingEvent[]): void {
    this.#events.append(events);
    this.status.read(events);
  }

  sample(event: GradientsEvent): void {
    this.#gradients.add(event);
  }

  /** The end of a training that could not tell it itself. */
  failure(message: string): EndEvent {
    const { latest } = this.status;
    return { event: 'end', reason: 'failed', step: latest?.step ?? 0, epoch: latest?.epoch ?? 0, metrics: {}, message };
  }
}
