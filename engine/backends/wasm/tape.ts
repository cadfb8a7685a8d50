import type { Arena } from './arena.ts';
import { instructionBytes } from './layout.ts';
import type { KernelExports } from './kernels.ts';
import type { Threads } from './threads.ts';
import { TeamChoice } from './teamChoice.ts';

/** One instruction: what to do, with which operands, and whether it has enough work for several threads. */
export interface Instruction {
  readonly opcode: number;
  readonly operands: readonly number[];
  readonly shared: boolean;
}

const instructionNumbers = instructionBytes / 4;
/** Where an instruction says whether it is shared. */
const sharedPlace = instructionNumbers - 1;

/** Writes an instruction to the place `index` of a tape. */
export function writeInstruction(tape: Int32Array, index: number, { opcode, operands, shared }: Instruction): void {
  const start = index * instructionNumbers;
  tape[start] = opcode;
  operands.forEach((operand, i) => {
    tape[start + 1 + i] = operand;
  });
  tape[start + sharedPlace] = shared ? 1 : 0;
}

/** Instructions in the kernels' memory: one call carries all of them out. */
export class Tape {
  readonly #run: KernelExports['run'];
  readonly #address: number;
  readonly #length: number;
  readonly #choice: TeamChoice | undefined;

  constructor(instructions: readonly Instruction[], arena: Arena, threads: Threads, { run }: KernelExports) {
    const tape = arena.int32(instructions.length * instructionNumbers);
    instructions.forEach((instruction, i) => {
      writeInstruction(tape, i, instruction);
    });
    this.#run = run;
    this.#address = arena.addressOf(tape);
    this.#length = instructions.length;
    if (threads.most === 1 || !instructions.some(({ shared }) => shared)) return;
    threads.start();
    this.#choice = new TeamChoice(threads);
  }

  run(): void {
    if (!this.#choice) {
      this.#run(this.#address, this.#length, 1);
      return;
    }
    const size = this.#choice.next();
    const started = performance.now();
    this.#run(this.#address, this.#length, size);
    this.#choice.took(performance.now() - started);
  }
}
