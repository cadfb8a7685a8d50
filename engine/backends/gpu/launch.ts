import type { Cell } from './cell.ts';
import type { Device, DeviceKernel, Handle, Operand, Shape } from './device.ts';
import { copy } from './kernels/elementary.ts';
import type { KernelSource } from './kernels/kernelSource.ts';

/** The first rows of a cell, as an operation reads or writes them. */
export interface Place extends Shape {
  readonly cell: Cell;
}

export interface LaunchSettings {
  readonly source: KernelSource;
  readonly inputs: readonly (Place | number)[];
  readonly output: Place;
  readonly constants?: Readonly<Record<string, number>>;
}

/** Takes numbers to the device; what is returned belongs to the caller. */
export const upload = (device: Device, numbers: Operand, shape: Shape): Promise<Handle> =>
  device.kernel(copy, shape, {}).runAndClose([numbers]);

/**
 * One kernel of a recorded program. It is compiled when it first runs, and a second time where it reads what it has written itself,
 * as an update of weights does: a kernel may not read its own output, so the two take turns.
 */
export class Launch {
  readonly #device: Device;
  readonly #settings: LaunchSettings;
  readonly #kernels: DeviceKernel[] = [];

  constructor(device: Device, settings: LaunchSettings) {
    this.#device = device;
    this.#settings = settings;
  }

  async run(): Promise<void> {
    const { inputs, output } = this.#settings;
    const operands: Operand[] = [];
    for (const input of inputs)
      operands.push(
        typeof input === 'number'
          ? input
          : await input.cell.operand(input.rows, (numbers, shape) => upload(this.#device, numbers, shape)),
      );
    const kernel = this.#free();
    output.cell.written(await kernel.run(operands), kernel);
  }

  close(): void {
    for (const kernel of this.#kernels) kernel.close();
  }

  /** A kernel that wrote none of the inputs. */
  #free(): DeviceKernel {
    const { source, inputs, output, constants = {} } = this.#settings;
    const isRead = (kernel: DeviceKernel) =>
      inputs.some(input => typeof input !== 'number' && input.cell.isOutputOf(kernel));
    const found = this.#kernels.find(kernel => !isRead(kernel));
    if (found) return found;
    const made = this.#device.kernel(source, { rows: output.rows, columns: output.columns }, constants);
    this.#kernels.push(made);
    return made;
  }
}
