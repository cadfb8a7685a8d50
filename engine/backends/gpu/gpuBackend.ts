import type { LossName } from '../../model/dataFields.ts';
import type { Activation } from '../../model/layerFields.ts';
import type { Affine, DeviceBackend, Matrix, NormGradients, NormStatistics, Numbers, Scalar } from '../backend.ts';
import { referenceBackend } from '../reference/reference.ts';
import { activate, activationGradient } from './activations.ts';
import type { Device } from './device.ts';
import * as dense from './kernels/dense.ts';
import * as elementary from './kernels/elementary.ts';
import { columnSums, rowPenalties } from './kernels/reductions.ts';
import { loss } from './losses.ts';
import { columnMoments, normalize, normalizeGradient, rowMoments } from './norms.ts';
import type { Place } from './launch.ts';
import { Recorder } from './recorder.ts';
import { GpuSummaries } from './summaries.ts';
import { GpuPasses } from './updates.ts';

/** float32 through gpu.js: every operation is a few kernels, and the numbers stay on the device between them. */
export class GpuBackend implements DeviceBackend {
  readonly name = 'gpu';
  readonly device: string;
  readonly passes: GpuPasses;
  readonly summaries: GpuSummaries;
  readonly #recorder: Recorder;

  /** Takes the device over: `close` ends it. */
  constructor(device: Device) {
    this.#recorder = new Recorder(device);
    this.passes = new GpuPasses(this.#recorder);
    this.summaries = new GpuSummaries(this.#recorder);
    const { name, kind } = device.description;
    const what = { hardware: 'GPU', unknown: 'device', software: 'CPU, software device' };
    this.device = `${what[kind]} ${name}, float32, gpu.js ${device.mode}`;
  }

  allocate(rows: number, columns: number): Matrix {
    return this.#recorder.matrix(rows, columns);
  }

  allocateFed(rows: number, columns: number): Matrix {
    return this.#recorder.matrix(rows, columns, true);
  }

  adopt(matrix: Matrix): Matrix {
    this.#recorder.adopt(matrix);
    return matrix;
  }

  allocateRows(count: number): Int32Array {
    return this.#recorder.register(new Int32Array(count), { rows: 1, columns: count }, true);
  }

  allocateScalar(): Scalar {
    return this.#recorder.register(new Float64Array(1), { rows: 1, columns: 1 });
  }

  record(work: () => void): () => Promise<void> {
    return this.#recorder.record(work);
  }

  store(values: Matrix | Scalar, history: Matrix, stride: number, place: Int32Array): void {
    const from = 'rows' in values ? this.#recorder.at(values) : this.#recorder.scalar(values);
    const into = this.#recorder.at(history);
    const constants = { stride, rows: from.rows };
    this.#recorder.emit(elementary.store, [into, from, this.#recorder.list(place)], into, constants);
  }

  fetch(numbers: readonly (Numbers | Scalar)[]): Promise<void> {
    return this.#recorder.fetch(numbers);
  }

  send(numbers: readonly (Numbers | Scalar)[]): void {
    for (const values of numbers) this.#recorder.find(values)?.send();
  }

  close(): void {
    this.#recorder.close();
  }

  clear(scalar: Scalar): void {
    this.#recorder.clear(this.#recorder.scalar(scalar));
  }

  checkFinite(matrix: Matrix, fault: Scalar): void {
    this.passes.checkFinite(matrix, fault);
  }

  gather(source: Matrix, rows: Int32Array, destination: Matrix): void {
    const output = this.#recorder.at(destination);
    if (this.#recorder.find(source.values)) {
      this.#recorder.emit(dense.gather, [this.#recorder.at(source), this.#recorder.list(rows)], output);
      return;
    }
    // What is too large for the device comes batch by batch.
    output.cell.feed();
    this.#recorder.step(() => {
      referenceBackend.gather(source, rows, destination);
      return Promise.resolve();
    });
  }

  denseForward(input: Matrix, weight: Matrix, bias: Matrix | undefined, preActivation: Matrix): void {
    const [x, w, a] = this.#places(input, weight, preActivation);
    const constants = { inputs: input.columns };
    if (bias) this.#recorder.emit(dense.denseForward, [x, w, this.#recorder.at(bias)], a, constants);
    else this.#recorder.emit(dense.denseForwardWithoutBias, [x, w], a, constants);
  }

  denseInputGradient(preActivationGradient: Matrix, weight: Matrix, inputGradient: Matrix): void {
    const [gradient, w, result] = this.#places(preActivationGradient, weight, inputGradient);
    this.#recorder.emit(dense.denseInputGradient, [gradient, w], result, { outputs: weight.rows });
  }

  denseWeightGradient(preActivationGradient: Matrix, input: Matrix, weightGradient: Matrix): void {
    const [gradient, x, result] = this.#places(preActivationGradient, input, weightGradient);
    this.#recorder.emit(dense.denseWeightGradient, [gradient, x], result, { batch: input.rows });
  }

  denseBiasGradient(preActivationGradient: Matrix, biasGradient: Matrix): void {
    const [gradient, result] = this.#places(preActivationGradient, biasGradient);
    this.#recorder.emit(columnSums, [gradient], result, { rows: preActivationGradient.rows });
  }

  penalty(weight: Matrix, l1: number, l2: number, sum: Scalar, weightGradient?: Matrix): void {
    const w = this.#recorder.at(weight);
    this.#recorder.addRows(rowPenalties, [w, l1, l2], w, this.#recorder.scalar(sum));
    if (!weightGradient) return;
    const gradient = this.#recorder.at(weightGradient);
    this.#recorder.emit(elementary.penaltyGradient, [gradient, w, l1, l2], gradient);
  }

  activate(activation: Activation, preActivation: Matrix, output: Matrix): void {
    activate(this.#recorder, activation, ...this.#places(preActivation, output));
  }

  activationGradient(
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    outputGradient: Matrix,
    preActivationGradient: Matrix,
  ): void {
    activationGradient(this.#recorder, activation, {
      preActivation: this.#recorder.at(preActivation),
      output: this.#recorder.at(output),
      outputGradient: this.#recorder.at(outputGradient),
      gradient: this.#recorder.at(preActivationGradient),
    });
  }

  multiply(a: Matrix, b: Matrix, product: Matrix): void {
    const [x, y, result] = this.#places(a, b, product);
    this.#recorder.emit(elementary.multiply, [x, y], result);
  }

  add(a: Matrix, b: Matrix, sum: Matrix): void {
    const [x, y, result] = this.#places(a, b, sum);
    this.#recorder.emit(elementary.add, [x, y], result);
  }

  blend(kept: number, average: Matrix, share: number, values: Matrix): void {
    const [result, news] = this.#places(average, values);
    this.#recorder.emit(elementary.blend, [result, news, kept, share], result);
  }

  columnMoments(input: Matrix, mean: Matrix, variance: Matrix): void {
    columnMoments(this.#recorder, ...this.#places(input, mean, variance));
  }

  normalizeColumns(
    input: Matrix,
    { mean, variance, epsilon }: NormStatistics,
    { scale, shift }: Affine,
    normalized: Matrix,
    output: Matrix,
  ): void {
    normalize(this.#recorder, 'columns', {
      ...this.#named({ input, mean, variance, scale, shift, normalized, output }),
      epsilon,
    });
  }

  normalizeColumnsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    { variance, epsilon }: NormStatistics,
    scale: Matrix,
    gradients: NormGradients,
  ): void {
    normalizeGradient(this.#recorder, 'columns', {
      ...this.#named({ outputGradient, normalized, variance, scale, ...gradientsOf(gradients) }),
      epsilon,
    });
  }

  normalizeRows(
    input: Matrix,
    epsilon: number,
    { scale, shift }: Affine,
    variance: Matrix,
    normalized: Matrix,
    output: Matrix,
  ): void {
    const places = this.#named({ input, variance: ofRows(variance, input), scale, shift, normalized, output });
    const mean = this.#recorder.rowVector(input);
    rowMoments(this.#recorder, places.input, mean, places.variance);
    normalize(this.#recorder, 'rows', { ...places, mean, epsilon });
  }

  normalizeRowsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    epsilon: number,
    variance: Matrix,
    scale: Matrix,
    gradients: NormGradients,
  ): void {
    const rows = ofRows(variance, outputGradient);
    normalizeGradient(this.#recorder, 'rows', {
      ...this.#named({ outputGradient, normalized, variance: rows, scale, ...gradientsOf(gradients) }),
      epsilon,
    });
  }

  loss(
    name: LossName,
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    targets: Matrix,
    preActivationGradient: Matrix,
    mean: Scalar,
  ): void {
    loss(this.#recorder, name, activation, {
      ...this.#named({ preActivation, output, targets, gradient: preActivationGradient }),
      mean: this.#recorder.scalar(mean),
    });
  }

  #places<M extends readonly Matrix[]>(...matrices: M): { [I in keyof M]: Place } {
    return matrices.map(matrix => this.#recorder.at(matrix)) as { [I in keyof M]: Place };
  }

  #named<K extends string>(matrices: Record<K, Matrix>): Record<K, Place> {
    const entries = Object.entries<Matrix>(matrices).map(([name, matrix]) => [name, this.#recorder.at(matrix)]);
    return Object.fromEntries(entries) as Record<K, Place>;
  }
}

const gradientsOf = ({ input, scale, shift }: NormGradients) => ({
  inputGradient: input,
  scaleGradient: scale,
  shiftGradient: shift,
});

/** The part of a row vector that a batch of so many rows fills. */
const ofRows = ({ values }: Matrix, { rows }: Matrix): Matrix => ({ rows: 1, columns: rows, values });
