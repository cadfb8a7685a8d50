import { t } from '@vscode/l10n';
import { computedSince } from '../../engine/protocol/devices.ts';
import type { EndEvent, MetricsEvent, StartEvent, TrainingEvent } from '../../engine/protocol/events.ts';

/** Where a run stands: its start, its latest metrics and its end. */
export class RunStatus {
  start: StartEvent | undefined;
  latest: MetricsEvent | undefined;
  end: EndEvent | undefined;

  read(batch: readonly TrainingEvent[]): void {
    for (const event of batch) {
      if (event.event === 'start') this.start = event;
      if (event.event === 'warning') this.start &&= computedSince(this.start, event);
      if (event.event === 'metrics') this.latest = event;
      if (event.event === 'end') this.end = event;
    }
  }

  /** `epoch 12/50 · 0.031`; the loss is the validation loss where there is one. */
  get text(): string {
    if (!this.start) return t('starting');
    const epoch = t('epoch {0}/{1}', this.latest?.epoch ?? 0, this.start.epochs);
    const loss = this.latest && (this.latest.validationLoss ?? this.latest.trainLoss);
    return loss === undefined ? epoch : `${epoch} · ${lossText(loss)}`;
  }
}

const lossText = (loss: number): string => (loss >= 1e-3 && loss < 1e5 ? loss.toFixed(3) : loss.toExponential(1));
