import { EngineError } from '../../model/errors.ts';
import type { Matrix, Numbers, Scalar } from '../backend.ts';
import { Cell, type HostNumbers } from './cell.ts';
import { sent, type Device, type Handle, type Shape } from './device.ts';
import type { KernelSource } from './kernels/kernelSource.ts';
import { total } from './kernels/reductions.ts';
import { Launch, upload, type Place } from './launch.ts';

type Step = () => Promise<void>;

const one: Shape = { rows: 1, columns: 1 };

/** Where the numbers of a device are, and the programs that compute on them. */
export class Recorder {
  readonly #device: Device;
  /** By the memory of what was allocated, so that a part of it finds its cell; adopted numbers by themselves. */
  readonly #cells = new WeakMap<object, Cell>();
  readonly #launches: Launch[] = [];
  #program: Step[] | undefined;
  /** A 0 on the device. */
  #zero: Handle | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  matrix(rows: number, columns: number, fed = false): Matrix {
    const values = this.register(new Float32Array(rows * columns), { rows, columns }, fed);
    return { rows, columns, values };
  }

  /** Gives numbers a cell, found by their memory. */
  register<N extends HostNumbers>(values: N, shape: Shape, fed = false): N {
    this.#cells.set(values.buffer, new Cell(values, shape, fed));
    return values;
  }

  /** Gives a matrix a cell of its own, although it lies in memory with others; nothing happens where the device is too small for it. */
  adopt({ rows, columns, values }: Matrix): void {
    if (this.#device.holds({ rows, columns })) this.#cells.set(values, new Cell(values, { rows, columns }, false));
  }

  find(values: HostNumbers): Cell | undefined {
    return this.#cells.get(values) ?? this.#cells.get(values.buffer);
  }

  at({ rows, columns, values }: Matrix): Place {
    return { cell: this.#cellOf(values), rows, columns };
  }

  scalar(scalar: Scalar): Place {
    return { cell: this.#cellOf(scalar), rows: 1, columns: 1 };
  }

  /** The numbers of a row list. */
  list(rows: Int32Array): Place {
    return { cell: this.#cellOf(rows), rows: 1, columns: rows.length };
  }

  /** Room for one number a row, between two kernels of an operation. */
  rowVector({ rows }: Shape): Place {
    return this.at(this.matrix(1, rows));
  }

  record(work: () => void): () => Promise<void> {
    const program: Step[] = [];
    this.#program = program;
    try {
      work();
    } finally {
      this.#program = undefined;
    }
    return async () => {
      for (const step of program) await step();
    };
  }

  /** Writes one kernel into the program at hand. */
  emit(
    source: KernelSource,
    inputs: readonly (Place | number)[],
    output: Place,
    constants: Readonly<Record<string, number>> = {},
  ): void {
    const launch = new Launch(this.#device, { source, inputs, output, constants });
    this.#launches.push(launch);
    this.step(() => launch.run());
  }

  /** scalar ← 0 */
  clear({ cell }: Place): void {
    this.step(async () => {
      this.#zero ??= await upload(this.#device, sent(new Float32Array(1), one), one);
      cell.borrow(this.#zero);
    });
  }

  /** Writes something that the host does into the program at hand. */
  step(step: Step): void {
    if (!this.#program) throw new RangeError('A device computes only what has been recorded.');
    this.#program.push(step);
  }

  /** sum ← sum + Σ of what `source` gives for each row of a matrix */
  addRows(source: KernelSource, inputs: readonly (Place | number)[], { rows, columns }: Shape, sum: Place): void {
    const parts = this.rowVector({ rows, columns });
    this.emit(source, inputs, parts, { columns });
    this.emit(total, [sum, parts], sum, { count: rows });
  }

  async fetch(numbers: readonly (Numbers | Scalar)[]): Promise<void> {
    await Promise.all(numbers.map(values => this.#cellOf(values).fetch()));
    this.#device.assertAlive();
  }

  close(): void {
    for (const launch of this.#launches) launch.close();
    this.#zero?.delete();
    this.#device.close();
  }

  #cellOf(values: HostNumbers): Cell {
    const cell = this.find(values);
    if (!cell) throw new EngineError('internal', 'An operation of the GPU met numbers that were not allocated for it.');
    return cell;
  }
}
