import { closeSync, fsyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { TrainingEvent } from '../protocol/events.ts';

/**
 * `metrics.jsonl`: one event a line, only ever appended. A disk that is full keeps the lines waiting, and a line that was written in
 * part is completed by the next write.
 */
export class MetricsLog {
  readonly #descriptor: number;
  #lines: string[] = [];
  /** What the last write left over. */
  #rest: Buffer = Buffer.alloc(0);

  /** Opens the file, and cuts it where a checkpoint was written: what stood beyond is done again. Throws what `node:fs` throws. */
  constructor(file: string, keepBytes?: number) {
    this.#descriptor = openSync(file, 'a');
    if (keepBytes !== undefined && keepBytes < this.bytes) ftruncateSync(this.#descriptor, keepBytes);
  }

  /** Length of the file now. */
  get bytes(): number {
    return fstatSync(this.#descriptor).size;
  }

  append(event: TrainingEvent): void {
    this.#lines.push(`${JSON.stringify(event)}\n`);
  }

  /** Writes what waits. Throws what `node:fs` throws; nothing is lost then. */
  flush(): void {
    if (this.#lines.length === 0 && this.#rest.length === 0) return;
    this.#rest = Buffer.concat([this.#rest, Buffer.from(this.#lines.join(''))]);
    this.#lines = [];
    while (this.#rest.length > 0) this.#rest = this.#rest.subarray(writeSync(this.#descriptor, this.#rest));
  }

  /** As `flush`, and safe from a loss of power. */
  sync(): void {
    this.flush();
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
