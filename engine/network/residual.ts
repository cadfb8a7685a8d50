import { firstRows, type Operations, type Matrix, type Scalar } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { LayerPlace, Mode, NetworkLayer } from './layer.ts';

/**
 * A residual block: what goes in is added to what its inner path makes of it.
 *
 *     z = x + f(x)      ∂L/∂x = ∂L/∂z + f′(x)ᵀ ∂L/∂z
 *
 * The first term reaches the input undiminished however deep the block is, which is the article's remedy for vanishing
 * gradients. Shapes: x, f(x) and z [batch, n]. Source: He et al. 2016; the article, “Vanishing gradients”.
 */
export class ResidualBlock implements NetworkLayer {
  readonly outputs: number;
  readonly #backend: Operations;
  /** The inner path. */
  readonly path: NetworkLayer;
  readonly #output: Matrix;
  readonly #inputGradient: Matrix;

  constructor({ backend, inputs, capacity }: LayerPlace, path: NetworkLayer) {
    this.outputs = inputs;
    this.#backend = backend;
    this.path = path;
    this.#output = backend.allocate(capacity, inputs);
    this.#inputGradient = backend.allocate(capacity, inputs);
  }

  get parameters() {
    return this.path.parameters;
  }

  get statistics() {
    return this.path.statistics;
  }

  get nodes() {
    return this.path.nodes;
  }

  initialize(random: Random): void {
    this.path.initialize(random);
  }

  drawMasks(random: Random, rows: number): void {
    this.path.drawMasks(random, rows);
  }

  forward(input: Matrix, mode: Mode): Matrix {
    const output = firstRows(this.#output, input.rows);
    this.#backend.add(input, this.path.forward(input, mode), output);
    return output;
  }

  backward(input: Matrix, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined {
    const inner = this.path.backward(input, outputGradient, needsInputGradient);
    if (!needsInputGradient || !inner) return undefined;
    const inputGradient = firstRows(this.#inputGradient, input.rows);
    this.#backend.add(outputGradient, inner, inputGradient);
    return inputGradient;
  }

  addPenalty(sum: Scalar, withGradient: boolean): void {
    this.path.addPenalty(sum, withGradient);
  }
}
