import type { DiagnosisCode } from '../model/issues.ts';
import type { GradientsEvent, MetricsEvent, TrainingEvent, WarningEvent } from '../protocol/events.ts';
import { networkVerdict } from '../protocol/verdicts.ts';
import { withoutMatrices } from './gradientProbe.ts';

/** Epochs without news that make a plateau, and after which a rising validation loss is no accident. */
const plateauEpochs = 30;
const overfittingEpochs = 10;
/** A loss that fell by less than this share has not fallen. */
const progress = 0.001;
/** Below this share of the first loss a standstill is the end of a training that has learned. */
const learned = 0.5;
/**
 * A validation loss whose mean over the last epochs is so many times its best, by at least this share of the first one, is
 * overfitting when the training loss falls. On few rows it wavers by less.
 */
const rise = 1.3;
const notable = 0.2;
/** Samples of gradients that a verdict needs. */
const keptSamples = 15;

/**
 * Watches what a training says and raises each alarm once: gradients that vanish or explode, nodes that die, a
 * validation loss that rises, a loss that stands still, numbers that are not finite. It computes nothing of its own: gradients
 * are judged only where somebody looks at them.
 */
export class Alerts {
  readonly #raised = new Set<DiagnosisCode>();
  #samples: GradientsEvent[] = [];
  #bestTrain = { loss: Infinity, epoch: 0 };
  #firstLoss: number | undefined;
  #firstValidation: number | undefined;
  /** Of the last epochs. */
  #validations: number[] = [];
  #bestValidation = { loss: Infinity, trainLoss: Infinity, epoch: 0 };

  /** The alarm that an event gives cause for. */
  read(event: TrainingEvent): WarningEvent | undefined {
    switch (event.event) {
      case 'metrics':
        return this.#readMetrics(event);
      case 'gradients':
        return this.#readGradients(event);
      case 'end':
        return event.reason === 'diverged'
          ? this.#raise('not-finite', event.message ?? 'A number is not finite.')
          : undefined;
      default:
        return undefined;
    }
  }

  #readMetrics({ epoch, trainLoss, validationLoss }: MetricsEvent): WarningEvent | undefined {
    const overfitting = validationLoss !== undefined && this.#overfits(epoch, trainLoss, validationLoss);
    if (overfitting)
      return this.#raise(
        'overfitting',
        `The validation loss has risen since epoch ${String(this.#bestValidation.epoch)}, while the training loss falls: the network learns its rows by heart.`,
      );
    if (trainLoss < this.#bestTrain.loss * (1 - progress)) this.#bestTrain = { loss: trainLoss, epoch };
    this.#firstLoss ??= trainLoss;
    return epoch - this.#bestTrain.epoch >= plateauEpochs && this.#bestTrain.loss > learned * this.#firstLoss
      ? this.#raise('plateau', `The loss has not fallen since epoch ${String(this.#bestTrain.epoch)}.`)
      : undefined;
  }

  #overfits(epoch: number, trainLoss: number, validationLoss: number): boolean {
    this.#firstValidation ??= validationLoss;
    this.#validations = [...this.#validations, validationLoss].slice(-overfittingEpochs);
    if (validationLoss < this.#bestValidation.loss) this.#bestValidation = { loss: validationLoss, trainLoss, epoch };
    const best = this.#bestValidation;
    const mean = this.#validations.reduce((sum, loss) => sum + loss, 0) / this.#validations.length;
    return (
      epoch - best.epoch >= overfittingEpochs &&
      mean > rise * best.loss &&
      mean - best.loss > notable * this.#firstValidation &&
      trainLoss < best.trainLoss * (1 - progress)
    );
  }

  #readGradients(event: GradientsEvent): WarningEvent | undefined {
    this.#samples = [...this.#samples, { ...event, layers: event.layers.map(withoutMatrices) }].slice(-keptSamples);
    const verdict = networkVerdict(this.#samples);
    return verdict && this.#raise(verdict.code, verdict.message);
  }

  /** Says it once a run. */
  #raise(code: DiagnosisCode, message: string): WarningEvent | undefined {
    if (this.#raised.has(code)) return undefined;
    this.#raised.add(code);
    return { event: 'warning', code, message };
  }
}

/** Passes events on, and after each what it gives to be alarmed about; before the end, which is the last. */
export function withAlerts(emit: (event: TrainingEvent) => void): (event: TrainingEvent) => void {
  const alerts = new Alerts();
  return event => {
    const alert = alerts.read(event);
    const events = event.event === 'end' ? [alert, event] : [event, alert];
    for (const each of events) if (each) emit(each);
  };
}
