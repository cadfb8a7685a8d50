import { losses, type LossName } from '../../model/dataFields.ts';
import { activations, type Activation } from '../../model/layerFields.ts';
import {
  updatePasses,
  type Affine,
  type Backend,
  type Matrix,
  type NormGradients,
  type NormStatistics,
  type Numbers,
  type Scalar,
  type UpdatePass,
  type UpdatePasses,
} from '../backend.ts';
import { referenceBackend } from '../reference/reference.ts';
import { Arena } from './arena.ts';
import * as opcodes from './opcodes.ts';
import { Executor } from './executor.ts';
import { loadKernels, type Kernels } from './kernels.ts';

/** Multiplications, or numbers read, from which on it pays that several threads share an operation: a few microseconds of work. */
const sharedProducts = 131_072;
const sharedNumbers = 32_768;

/** float32 in WebAssembly. Operations on whole matrices are instructions of the kernels; the few rare ones are the reference's loops. */
export class WasmBackend implements Backend, UpdatePasses {
  readonly name = 'wasm';
  readonly device: string;
  readonly passes = this;
  readonly #arena = new Arena();
  readonly #executor: Executor;
  /** Where a fault goes that nobody asks for. */
  readonly #ignored = this.#arena.float64(1);

  /** `threads` is the most that share a large operation. Throws `backend-unavailable`. */
  constructor(threads: number, kernels: Kernels = loadKernels()) {
    this.#executor = new Executor(this.#arena, kernels, threads);
    const multiply = kernels.fused ? 'with fused multiply-add' : 'without fused multiply-add';
    this.device = `CPU, float32, WebAssembly SIMD in vectors of ${String(kernels.lanes)} ${multiply}, ${threads === 1 ? '1 thread' : `up to ${String(threads)} threads`}`;
  }

  /** Threads that could take part in a large operation now, the caller's included. */
  get readyThreads(): number {
    return this.#executor.readyThreads;
  }

  allocate(rows: number, columns: number): Matrix {
    return this.#arena.matrix(rows, columns);
  }

  allocateFed(rows: number, columns: number): Matrix {
    return this.allocate(rows, columns);
  }

  adopt(matrix: Matrix): Matrix {
    if (this.#arena.holds(matrix.values)) return matrix;
    const copy = this.allocate(matrix.rows, matrix.columns);
    copy.values.set(matrix.values.subarray(0, sizeOf(matrix)));
    return copy;
  }

  allocateRows(count: number): Int32Array {
    return this.#arena.int32(count);
  }

  allocateScalar(): Scalar {
    return this.#arena.float64(1);
  }

  record(work: () => void): () => void {
    return this.#executor.record(work);
  }

  close(): void {
    this.#executor.close();
  }

  clear(scalar: Scalar): void {
    this.#do(opcodes.clear, [this.#at(scalar)]);
  }

  checkFinite(matrix: Matrix, fault: Scalar): void {
    const count = sizeOf(matrix);
    this.#do(opcodes.checkFinite, [this.#of(matrix), count, this.#at(fault)], count);
  }

  gather(source: Matrix, rows: Int32Array, destination: Matrix): void {
    if (!this.#arena.holds(source.values) || !this.#arena.holds(rows)) {
      this.#executor.host(() => referenceBackend.gather(source, rows, destination));
      return;
    }
    const { columns } = source;
    const operands = [this.#of(source), this.#at(rows), this.#of(destination), rows.length, columns];
    this.#do(opcodes.gather, operands, rows.length * columns);
  }

  denseForward(input: Matrix, weight: Matrix, bias: Matrix | undefined, preActivation: Matrix): void {
    const { rows, columns } = input;
    this.#product(opcodes.denseForward, rows, columns, [
      ...[this.#of(input), this.#of(weight), bias ? this.#of(bias) : 0, this.#of(preActivation)],
      ...[rows, columns, weight.rows],
    ]);
  }

  denseInputGradient(preActivationGradient: Matrix, weight: Matrix, inputGradient: Matrix): void {
    const { rows, columns } = preActivationGradient;
    this.#product(opcodes.denseInputGradient, rows, columns, [
      ...[this.#of(preActivationGradient), this.#of(weight), this.#of(inputGradient)],
      ...[rows, weight.columns, columns],
    ]);
  }

  denseWeightGradient(preActivationGradient: Matrix, input: Matrix, weightGradient: Matrix): void {
    const { rows, columns } = preActivationGradient;
    this.#product(opcodes.denseWeightGradient, columns, rows, [
      ...[this.#of(preActivationGradient), this.#of(input), this.#of(weightGradient)],
      ...[rows, input.columns, columns],
    ]);
  }

  denseBiasGradient(preActivationGradient: Matrix, biasGradient: Matrix): void {
    const { rows, columns } = preActivationGradient;
    const operands = [this.#of(preActivationGradient), this.#of(biasGradient), rows, columns];
    this.#do(opcodes.denseBiasGradient, operands, rows * columns);
  }

  penalty(weight: Matrix, l1: number, l2: number, sum: Scalar, weightGradient?: Matrix): void {
    const count = sizeOf(weight);
    this.#executor.reservePartialSums(count);
    const gradient = weightGradient ? this.#of(weightGradient) : 0;
    const operands = [this.#of(weight), gradient, count, this.#at(sum), floatBits(l1), floatBits(l2)];
    this.#do(opcodes.penalty, operands, count);
  }

  activate(activation: Activation, preActivation: Matrix, output: Matrix): void {
    const { rows, columns } = preActivation;
    const matrices = [this.#of(preActivation), this.#of(output)];
    if (activation === 'softmax') this.#do(opcodes.softmax, [...matrices, rows, columns]);
    else this.#do(opcodes.activate, [...matrices, rows * columns, activations.indexOf(activation)], rows * columns);
  }

  activationGradient(
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    outputGradient: Matrix,
    preActivationGradient: Matrix,
  ): void {
    const { rows, columns } = preActivation;
    const matrices = [this.#of(output), this.#of(outputGradient), this.#of(preActivationGradient)];
    if (activation === 'softmax') this.#do(opcodes.softmaxGradient, [...matrices, rows, columns]);
    else {
      const operands = [this.#of(preActivation), ...matrices, rows * columns, activations.indexOf(activation)];
      this.#do(opcodes.activationGradient, operands, rows * columns);
    }
  }

  multiply(a: Matrix, b: Matrix, product: Matrix): void {
    this.#do(opcodes.multiply, [this.#of(a), this.#of(b), this.#of(product), sizeOf(a)], sizeOf(a));
  }

  add(a: Matrix, b: Matrix, sum: Matrix): void {
    this.#do(opcodes.add, [this.#of(a), this.#of(b), this.#of(sum), sizeOf(a)], sizeOf(a));
  }

  blend(kept: number, average: Matrix, share: number, values: Matrix): void {
    const count = average.columns;
    this.#do(opcodes.blend, [this.#of(average), this.#of(values), count, floatBits(kept), floatBits(share)]);
  }

  columnMoments(input: Matrix, mean: Matrix, variance: Matrix): void {
    const { rows, columns } = input;
    const matrices = [input, mean, variance].map(matrix => this.#of(matrix));
    this.#do(opcodes.columnMoments, [...matrices, rows, columns], rows * columns);
  }

  normalizeColumns(
    input: Matrix,
    { mean, variance, epsilon }: NormStatistics,
    { scale, shift }: Affine,
    normalized: Matrix,
    output: Matrix,
  ): void {
    const { rows, columns } = input;
    const matrices = [input, mean, variance, scale, shift, normalized, output].map(matrix => this.#of(matrix));
    this.#do(opcodes.normalizeColumns, [...matrices, rows, columns, floatBits(epsilon)], rows * columns);
  }

  normalizeColumnsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    { variance, epsilon }: NormStatistics,
    scale: Matrix,
    gradients: NormGradients,
  ): void {
    const { rows, columns } = outputGradient;
    this.#affineGradients(outputGradient, normalized, gradients);
    const { shift: sum, scale: product, input } = gradients;
    const matrices = [outputGradient, normalized, variance, scale, sum, product, input].map(matrix => this.#of(matrix));
    this.#do(opcodes.normalizeColumnsGradient, [...matrices, rows, columns, floatBits(epsilon)], rows * columns);
  }

  normalizeRows(
    input: Matrix,
    epsilon: number,
    { scale, shift }: Affine,
    variance: Matrix,
    normalized: Matrix,
    output: Matrix,
  ): void {
    const { rows, columns } = input;
    const matrices = [input, variance, scale, shift, normalized, output].map(matrix => this.#of(matrix));
    this.#do(opcodes.normalizeRows, [...matrices, rows, columns, floatBits(epsilon)], rows * columns);
  }

  normalizeRowsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    epsilon: number,
    variance: Matrix,
    scale: Matrix,
    gradients: NormGradients,
  ): void {
    const { rows, columns } = outputGradient;
    this.#affineGradients(outputGradient, normalized, gradients);
    const matrices = [outputGradient, normalized, variance, scale, gradients.input].map(matrix => this.#of(matrix));
    this.#do(opcodes.normalizeRowsGradient, [...matrices, rows, columns, floatBits(epsilon)], rows * columns);
  }

  /** shift ← Σ g; scale ← Σ g ⊙ x̂, over the rows. */
  #affineGradients(outputGradient: Matrix, normalized: Matrix, { scale, shift }: NormGradients): void {
    const { rows, columns } = outputGradient;
    this.denseBiasGradient(outputGradient, shift);
    const matrices = [outputGradient, normalized, scale].map(matrix => this.#of(matrix));
    this.#do(opcodes.columnProducts, [...matrices, rows, columns], rows * columns);
  }

  loss(
    loss: LossName,
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    targets: Matrix,
    preActivationGradient: Matrix,
    mean: Scalar,
  ): void {
    // A perceptron is trained by a rule of its own.
    if (activation === 'step') {
      this.#executor.host(() =>
        referenceBackend.loss(loss, activation, preActivation, output, targets, preActivationGradient, mean),
      );
      return;
    }
    this.#do(opcodes.loss, [
      ...[preActivation, output, targets, preActivationGradient].map(matrix => this.#of(matrix)),
      ...[preActivation.rows, preActivation.columns, this.#at(mean)],
      ...[losses.indexOf(loss), activations.indexOf(activation), activation === 'softmax' ? 1 : 0],
    ]);
  }

  sumOfSquares(values: Matrix, sum: Scalar): void {
    const count = sizeOf(values);
    this.#executor.reservePartialSums(count);
    this.#do(opcodes.sumOfSquares, [this.#of(values), count, this.#at(sum)], count);
  }

  clipByNorm(squares: Scalar, limit: number, coefficients: Matrix): void {
    this.#do(opcodes.clipScale, [this.#at(squares), this.#of(coefficients), floatBits(limit)]);
  }

  update(
    pass: UpdatePass,
    weight: Matrix,
    gradient: Matrix,
    slots: readonly Numbers[],
    coefficients: Matrix,
    fault: Scalar = this.#ignored,
  ): void {
    const [first = 0, second = 0] = slots.map(slot => this.#at(slot));
    const count = sizeOf(weight);
    const operands = [
      ...[this.#of(weight), this.#of(gradient), first, second, this.#of(coefficients)],
      ...[count, this.#at(fault), updatePasses.indexOf(pass)],
    ];
    this.#do(opcodes.update, operands, count);
  }

  /** A product whose first operand has `rows` rows along `depth`. The last three operands are batch, inputs and outputs. */
  #product(opcode: number, rows: number, depth: number, operands: readonly number[]): void {
    this.#executor.reservePackedRows(rows, depth);
    const work = operands.slice(-3).reduce((product, size) => product * size, 1);
    this.#executor.execute({ opcode, operands, shared: work >= sharedProducts });
  }

  #do(opcode: number, operands: readonly number[], numbers = 0): void {
    this.#executor.execute({ opcode, operands, shared: numbers >= sharedNumbers });
  }

  #of({ values }: Matrix): number {
    return this.#arena.addressOf(values);
  }

  #at(values: ArrayBufferView): number {
    return this.#arena.addressOf(values);
  }
}

const sizeOf = ({ rows, columns }: Matrix): number => rows * columns;

/** The bits of a float32, as an operand. */
const floatBits = (value: number): number => new Int32Array(new Float32Array([value]).buffer)[0] ?? 0;
