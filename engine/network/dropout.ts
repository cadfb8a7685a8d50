import { firstRows, type Operations, type Matrix } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { DropoutLayer as Settings } from '../model/schema.ts';
import type { LayerPlace, Mode, NetworkLayer } from './layer.ts';

/**
 * Dropout: while training each value is forgotten with probability `rate`, and the others make up for it.
 *
 *     z = x ⊙ m / (1 − rate),  m ∈ {0, 1} drawn anew for every value and step      ∂L/∂x = ∂L/∂z ⊙ m / (1 − rate)
 *
 * Evaluated, z = x. Shapes: all [batch, n]. Source: Srivastava et al. 2014, scaled while training as PyTorch does.
 */
export class DropoutLayer implements NetworkLayer {
  readonly outputs: number;
  readonly parameters = [];
  readonly statistics = [];
  readonly nodes = [];
  readonly #backend: Operations;
  readonly #rate: number;
  /** m / (1 − rate) */
  readonly #mask: Matrix;
  readonly #output: Matrix;
  readonly #inputGradient: Matrix;

  constructor({ backend, inputs, capacity }: LayerPlace, { rate }: Settings) {
    this.outputs = inputs;
    this.#backend = backend;
    this.#rate = rate;
    this.#mask = backend.allocateFed(capacity, inputs);
    this.#mask.values.fill(1);
    this.#output = backend.allocate(capacity, inputs);
    this.#inputGradient = backend.allocate(capacity, inputs);
  }

  initialize(): void {
    // Nothing is learned here.
  }

  drawMasks(random: Random, rows: number): void {
    const kept = 1 / (1 - this.#rate);
    const { values, columns } = this.#mask;
    for (let i = 0; i < rows * columns; i++) values[i] = random.uniform() < this.#rate ? 0 : kept;
  }

  forward(input: Matrix, mode: Mode): Matrix {
    if (mode === 'evaluate') return input;
    const output = firstRows(this.#output, input.rows);
    this.#backend.multiply(input, firstRows(this.#mask, input.rows), output);
    return output;
  }

  backward(input: Matrix, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined {
    if (!needsInputGradient) return undefined;
    const inputGradient = firstRows(this.#inputGradient, input.rows);
    this.#backend.multiply(outputGradient, firstRows(this.#mask, input.rows), inputGradient);
    return inputGradient;
  }

  addPenalty(): void {
    // There are no weights to penalize.
  }
}
