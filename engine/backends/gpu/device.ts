import { GPU, Input, type IGPUSettings, type IKernelRunShortcut, type OutputDimensions } from 'gpu.js';
import { EngineError } from '../../model/errors.ts';
import type { DeviceKind } from './deviceKind.ts';
import type { KernelSource } from './kernels/kernelSource.ts';

/** A matrix that lies on the device. */
export interface Handle {
  toArray(): unknown;
  clone(): Handle;
  delete(): void;
}

/** What a kernel reads: a matrix on the device, numbers that are sent along, or a single number. */
export type Operand = Handle | Input | number;

/** How gpu.js computes: by compute shaders, or by drawing into textures. */
export type DeviceMode = 'webgpu' | 'webgl2' | 'headlessgl';

export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/** A compiled kernel. Every run writes over what its last run gave. */
export class DeviceKernel {
  readonly #run: IKernelRunShortcut;
  readonly #mode: DeviceMode;
  #output: Handle | undefined;

  constructor(run: IKernelRunShortcut, mode: DeviceMode) {
    this.#run = run;
    this.#mode = mode;
  }

  /** Rejects with EngineError `device-lost`, or `backend-unavailable` where gpu.js computed elsewhere. */
  async run(operands: readonly Operand[]): Promise<Handle> {
    const output: unknown = await guarded(() => Promise.resolve<unknown>(this.#run(...(operands as never[]))));
    if (!isHandle(output)) throw wrongMode(this.#mode, modeOf(this.#run));
    if (this.#output === undefined) {
      if (!ranAs(this.#run, this.#mode)) throw wrongMode(this.#mode, modeOf(this.#run));
      this.#output = output;
    } else if (output !== this.#output) output.delete();
    return this.#output;
  }

  /** Runs for the last time; what it gives belongs to the caller. */
  async runAndClose(operands: readonly Operand[]): Promise<Handle> {
    const output = (await this.run(operands)).clone();
    this.close();
    return output;
  }

  close(): void {
    this.#output?.delete();
    this.#output = undefined;
    this.#run.destroy();
  }
}

/** What is known of a device before it computes. */
export interface DeviceDescription {
  /** The device's own words for itself. */
  readonly name: string;
  readonly kind: DeviceKind;
  /** The most rows or columns of a matrix. */
  readonly largestSide: number;
  /** The most bytes of a matrix. */
  readonly largestBytes: number;
}

/** What a device needs to know of where it runs. */
export interface DeviceSurroundings {
  /** What to draw on, where it is not gpu.js that makes it. */
  readonly drawing?: Pick<IGPUSettings, 'canvas' | 'context'>;
  /** Whether the device is gone, where it would not say so by failing. */
  readonly isLost?: () => boolean;
  readonly onClose?: () => void;
}

/** gpu.js in one mode. */
export class Device {
  readonly mode: DeviceMode;
  readonly description: DeviceDescription;
  readonly #gpu: GPU;
  readonly #surroundings: DeviceSurroundings;

  constructor(mode: DeviceMode, description: DeviceDescription, surroundings: DeviceSurroundings = {}) {
    this.mode = mode;
    this.description = description;
    this.#surroundings = surroundings;
    this.#gpu = new GPU({ ...surroundings.drawing, mode: mode as 'gpu' });
  }

  /** Throws EngineError `device-lost` where what was read last may be the zeros of a device that is gone. */
  assertAlive(): void {
    if (this.#surroundings.isLost?.())
      throw new EngineError('device-lost', 'The device gave up: its graphics context was lost.');
  }

  /** Whether a matrix of this shape fits. */
  holds({ rows, columns }: Shape): boolean {
    const { largestSide, largestBytes } = this.description;
    return Math.max(rows, columns) <= largestSide && 4 * rows * columns <= largestBytes;
  }

  kernel({ text }: KernelSource, { rows, columns }: Shape, constants: Readonly<Record<string, number>>): DeviceKernel {
    const run = this.#gpu.createKernel(text, {
      output: [columns, rows],
      constants: { ...constants },
      pipeline: true,
      precision: 'single',
    });
    return new DeviceKernel(run, this.mode);
  }

  /** Ends everything that was compiled. */
  close(): void {
    void this.#gpu.destroy();
    this.#surroundings.onClose?.();
  }
}

/** Numbers that a kernel reads as a matrix of this shape. */
export function sent(values: Float32Array, { rows, columns }: Shape): Input {
  // gpu.js takes typed arrays; its types do not say so.
  const make = Input as new (value: ArrayLike<number>, size: OutputDimensions) => Input;
  return new make(values, [columns, rows]);
}

/** Copies a matrix of the device into `destination`, row by row. Rejects with EngineError `device-lost`. */
export async function read(
  handle: Handle,
  destination: { [i: number]: number; set(v: ArrayLike<number>, at: number): void },
) {
  const rows = (await guarded(() => Promise.resolve(handle.toArray()))) as readonly Float32Array[];
  let at = 0;
  for (const row of rows) {
    destination.set(row, at);
    at += row.length;
  }
}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'toArray' in value && 'delete' in value;

/** Whatever fails on a device fails like the loss of the device: nothing that it computed can be trusted. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new EngineError('device-lost', `The device gave up: ${firstLine(error)}`);
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The mode of the kernel that gpu.js has made in truth. */
function modeOf(run: IKernelRunShortcut): string {
  const { constructor } = run.kernel as { constructor: { mode?: unknown; name: string } };
  return typeof constructor.mode === 'string' ? constructor.mode : constructor.name;
}

/** gpu.js calls every kind of WebGL "gpu", and takes WebAssembly where it finds none. */
const ranAs = (run: IKernelRunShortcut, mode: DeviceMode): boolean =>
  modeOf(run) === (mode === 'webgpu' ? 'webgpu' : 'gpu');

const wrongMode = (asked: DeviceMode, ran: string): EngineError =>
  new EngineError('backend-unavailable', `Asked for ${asked}, but gpu.js ran ${ran}.`);
