import type { WriteStream } from 'node:tty';
import { progressText } from '../protocol/dataText.ts';
import type { EndEvent, MetricsEvent, ProgressEvent, TrainingEvent } from '../protocol/events.ts';

/** Shows a training as one line that is written over; in a file, as one line at the start and the end. */
export class ProgressLine {
  readonly #stream: WriteStream;
  #epochs = 0;
  #drawn = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  show(event: TrainingEvent): void {
    switch (event.event) {
      case 'start':
        this.#epochs = event.epochs;
        this.#stream.write(
          `${event.name}: ${String(event.parameters)} parameters, ${String(event.rows.train)} rows, ${event.backend} (${event.device})\n`,
        );
        break;
      case 'progress':
        this.#reading(event);
        break;
      case 'metrics':
        this.#metrics(event);
        break;
      case 'warning':
        this.#stream.write(`${event.message}\n`);
        break;
      case 'end':
        this.#end(event);
        break;
      case 'checkpoint':
      case 'gradients':
      case 'predictions':
      case 'hyperparameters':
      case 'weight':
        break;
    }
  }

  #reading({ bytesRead, bytesTotal }: ProgressEvent): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write(`\r\u001B[2K${bytesRead < bytesTotal ? progressText(bytesRead, bytesTotal) : ''}`);
  }

  #metrics(event: MetricsEvent): void {
    if (!this.#stream.isTTY || performance.now() - this.#drawn < 50) return;
    this.#drawn = performance.now();
    const parts = [
      `epoch ${String(event.epoch)}/${String(this.#epochs)}`,
      `loss ${event.trainLoss.toPrecision(4)}`,
      ...(event.validationLoss === undefined ? [] : [`validation ${event.validationLoss.toPrecision(4)}`]),
      ...(event.validationAccuracy === undefined ? [] : [`accuracy ${(100 * event.validationAccuracy).toFixed(1)} %`]),
      ...(event.r2 === undefined ? [] : [`R² ${event.r2.toFixed(4)}`]),
    ];
    this.#stream.write(`\r\u001B[2K${parts.join(' · ')}`);
  }

  #end({ reason, step, metrics, message }: EndEvent): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001B[2K');
    this.#stream.write(`${reason} after ${String(step)} steps${message ? `. ${message}` : ''}\n`);
    for (const [split, { loss, accuracy, r2 }] of Object.entries(metrics)) {
      const quality =
        accuracy !== undefined
          ? `, accuracy ${(100 * accuracy).toFixed(2)} %`
          : r2 !== undefined
            ? `, R² ${r2.toFixed(5)}`
            : '';
      this.#stream.write(`  ${split.padEnd(10)} loss ${loss.toPrecision(6)}${quality}\n`);
    }
  }
}
