import type { Numbers, Scalar } from '../backend.ts';
import { type DeviceKernel, type Handle, type Operand, read, sent, type Shape } from './device.ts';

/** Everything a backend allocates is one of these. */
export type HostNumbers = Numbers | Scalar | Int32Array;

/** The largest number that every device takes. */
const largest = 3.4e38;

/** The two homes of some numbers: an array of the host, and what a kernel wrote last. */
export class Cell {
  readonly #values: HostNumbers;
  readonly #shape: Shape;
  /** Written by the host before every run, and so sent along with every operation that reads them. */
  #fed: boolean;
  #handle: Handle | undefined;
  /** The kernel whose output the handle is; it must not read it while it writes. */
  #writer: DeviceKernel | undefined;
  #ownsHandle = false;

  constructor(values: HostNumbers, shape: Shape, fed: boolean) {
    this.#values = values;
    this.#shape = shape;
    this.#fed = fed;
  }

  /** Whether `kernel` wrote what this cell holds now. */
  isOutputOf(kernel: DeviceKernel): boolean {
    return this.#writer === kernel;
  }

  /** The first `rows` rows as an operand. */
  async operand(rows: number, upload: (numbers: Operand, shape: Shape) => Promise<Handle>): Promise<Operand> {
    if (this.#fed) return this.#sent(rows);
    if (!this.#handle) {
      this.#handle = await upload(this.#sent(this.#shape.rows), this.#shape);
      this.#ownsHandle = true;
    }
    return this.#handle;
  }

  /** Holds from now on what `kernel` has written. */
  written(handle: Handle, kernel: DeviceKernel): void {
    this.#forget();
    this.#handle = handle;
    this.#writer = kernel;
  }

  /** Holds from now on what belongs to somebody else and never changes. */
  borrow(handle: Handle): void {
    this.#forget();
    this.#handle = handle;
  }

  /** From now on the host writes the numbers before every run. */
  feed(): void {
    this.#fed = true;
    this.#forget();
  }

  /** The host has changed the numbers. */
  send(): void {
    this.#forget();
  }

  /** Brings the numbers home, where the device has newer ones. */
  async fetch(): Promise<void> {
    if (this.#handle) await read(this.#handle, this.#values);
  }

  /** Frees what was uploaded; outputs belong to their kernels. */
  #forget(): void {
    if (this.#ownsHandle) this.#handle?.delete();
    this.#ownsHandle = false;
    this.#handle = undefined;
    this.#writer = undefined;
  }

  #sent(rows: number): Operand {
    const { columns } = this.#shape;
    const numbers = Float32Array.from(this.#values.subarray(0, rows * columns), value =>
      Math.max(-largest, Math.min(largest, value)),
    );
    return sent(numbers, { rows, columns });
  }
}
