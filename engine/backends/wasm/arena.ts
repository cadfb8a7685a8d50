import { EngineError } from '../../model/errors.ts';
import type { Matrix } from '../backend.ts';
import { heapStart } from './layout.ts';

const pageBytes = 65_536;
const maximumPages = 65_536;
/** Matrices begin at a cache line, and whole vectors may be read past their end. */
const alignment = 64;

/**
 * The memory that kernels work in. Everything lives as long as the backend it belongs to, so that a training step allocates nothing.
 * It is shared from the start: views stay valid when it grows, and threads can join.
 */
export class Arena {
  readonly memory = newMemory();
  /** Growing makes a new buffer object of the same memory; matrices may hold any of them. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #next = heapStart;

  /** Address of `bytes` zeros. Throws `memory-limit`. */
  reserve(bytes: number): number {
    const address = this.#next;
    const end = Math.ceil((address + bytes + alignment) / alignment) * alignment;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#grow(missing);
    this.#next = end;
    return address;
  }

  matrix(rows: number, columns: number): Matrix {
    const address = this.reserve(rows * columns * 4);
    return { rows, columns, values: new Float32Array(this.#buffer, address, rows * columns) };
  }

  int32(count: number): Int32Array {
    const address = this.reserve(count * 4);
    return new Int32Array(this.#buffer, address, count);
  }

  float64(count: number): Float64Array {
    const address = this.reserve(count * 8);
    return new Float64Array(this.#buffer, address, count);
  }

  holds(values: ArrayBufferView): boolean {
    return this.#buffers.has(values.buffer);
  }

  /** Address of numbers that this arena has given out. */
  addressOf(values: ArrayBufferView): number {
    if (!this.holds(values)) throw new RangeError('These numbers belong to another backend.');
    return values.byteOffset;
  }

  get #buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    this.#buffers.add(buffer);
    return buffer;
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch (error) {
      throw new EngineError(
        'memory-limit',
        'The network and its data need more than the 4 GB that WebAssembly can hold. Use fewer units, smaller batches or fewer rows.',
        undefined,
        { cause: error },
      );
    }
  }
}

function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 16, maximum: maximumPages, shared: true });
  } catch (error) {
    throw new EngineError(
      'backend-unavailable',
      'This machine does not let WebAssembly set 4 GB of addresses aside. Lift the limit on virtual memory, or use the backend "reference".',
      undefined,
      { cause: error },
    );
  }
}
