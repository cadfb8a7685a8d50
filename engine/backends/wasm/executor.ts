import type { Arena } from './arena.ts';
import { instructionBytes, packedRows, pieceLength, threadScratch, threadScratchBytes } from './layout.ts';
import type { KernelExports, Kernels } from './kernels.ts';
import { Tape, writeInstruction, type Instruction } from './tape.ts';
import { Threads } from './threads.ts';

/** A recorded operation: an instruction of the kernels, or work that the host does between them. */
type Step = Instruction | (() => void);

/** Carries operations out, at once or as a recorded tape. */
export class Executor {
  readonly #arena: Arena;
  readonly #kernels: KernelExports;
  readonly #threads: Threads;
  /** The page where host and threads meet. */
  readonly #page: Int32Array;
  /** One instruction, for what is carried out at once. */
  readonly #single: Int32Array;
  readonly #singleAddress: number;
  #packedBytes = 0;
  #recording: Step[] | undefined;

  constructor(arena: Arena, kernels: Kernels, threads: number) {
    this.#arena = arena;
    this.#threads = new Threads(threads, arena, kernels);
    this.#kernels = kernels.instantiate(arena.memory);
    this.#page = new Int32Array(arena.memory.buffer, 0, 1024);
    this.#page[threadScratch / 4] = arena.reserve(threads * threadScratchBytes);
    this.#single = arena.int32(instructionBytes / 4);
    this.#singleAddress = arena.addressOf(this.#single);
  }

  get readyThreads(): number {
    return this.#threads.ready;
  }

  /** Runs an instruction, or keeps it for the tape being recorded. */
  execute(instruction: Instruction): void {
    if (this.#recording) {
      this.#recording.push(instruction);
      return;
    }
    writeInstruction(this.#single, 0, instruction);
    this.#kernels.run(this.#singleAddress, 1, 1);
  }

  /** Does the work, or keeps it for when the tape comes there. */
  host(work: () => void): void {
    if (this.#recording) this.#recording.push(work);
    else work();
  }

  /** Turns the operations of `work` into tapes, with the host's own work between them. */
  record(work: () => void): () => void {
    if (this.#recording) throw new RangeError('A recording is being made already.');
    const steps: Step[] = [];
    this.#recording = steps;
    try {
      work();
    } finally {
      this.#recording = undefined;
    }
    const parts = this.#partsOf(steps);
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return () => {
      for (const part of parts) part();
    };
  }

  /** Makes room to pack the rows of a product. */
  reservePackedRows(rows: number, depth: number): void {
    this.#reservePacked(Math.ceil(rows / 6) * (depth * 24 + 64));
  }

  /** Makes room for the sums of pieces of so many numbers. */
  reservePartialSums(count: number): void {
    this.#reservePacked(Math.ceil(count / pieceLength) * 8);
  }

  close(): void {
    this.#threads.close();
  }

  #reservePacked(bytes: number): void {
    if (bytes <= this.#packedBytes) return;
    this.#packedBytes = bytes;
    this.#page[packedRows / 4] = this.#arena.reserve(bytes);
  }

  #partsOf(steps: readonly Step[]): (() => void)[] {
    const parts: (() => void)[] = [];
    let instructions: Instruction[] = [];
    const endTape = () => {
      if (instructions.length === 0) return;
      const tape = new Tape(instructions, this.#arena, this.#threads, this.#kernels);
      parts.push(() => {
        tape.run();
      });
      instructions = [];
    };
    for (const step of steps) {
      if (typeof step === 'function') {
        endTape();
        parts.push(step);
      } else instructions.push(step);
    }
    endTape();
    return parts;
  }
}
