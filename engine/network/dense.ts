import { firstRows, type Operations, type Matrix, type Scalar } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { LossName } from '../model/dataFields.ts';
import type { DenseLayer as Settings } from '../model/schema.ts';
import { initialize } from './initializers.ts';
import type { LayerPlace, NetworkLayer, NodeView } from './layer.ts';
import { createParameter, type Parameter } from './parameter.ts';

/**
 * A dense layer: a = W x + b, z = σ(a).
 *
 *     ∂L/∂a = ∂L/∂z ⊙ σ′(a)      ∂L/∂W = (∂L/∂a)ᵀ x      ∂L/∂b = Σ ∂L/∂a      ∂L/∂x = (∂L/∂a) W
 *
 * Shapes: x [batch, inputs], W [outputs, inputs], b [1, outputs], a and z [batch, outputs].
 * Source: the article, “Multilayer perceptron” and “Backpropagation”.
 */
export class DenseLayer implements NetworkLayer {
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  readonly statistics = [];
  readonly nodes: readonly NodeView[];
  readonly #backend: Operations;
  readonly #settings: Settings;
  readonly #weight: Parameter;
  readonly #bias: Parameter | undefined;
  readonly #preActivation: Matrix;
  readonly #output: Matrix;
  readonly #preActivationGradient: Matrix;
  readonly #inputGradient: Matrix;

  constructor({ backend, name, inputs, capacity }: LayerPlace, settings: Settings) {
    this.outputs = settings.units;
    this.#backend = backend;
    this.#settings = settings;
    this.#weight = createParameter(backend, name, 'weight', settings.units, inputs);
    this.#bias = settings.bias ? createParameter(backend, name, 'bias', 1, settings.units) : undefined;
    this.parameters = this.#bias ? [this.#weight, this.#bias] : [this.#weight];
    this.#preActivation = backend.allocate(capacity, settings.units);
    this.#output = backend.allocate(capacity, settings.units);
    this.#preActivationGradient = backend.allocate(capacity, settings.units);
    this.#inputGradient = backend.allocate(capacity, inputs);
    const { activation } = settings;
    this.nodes = [{ layerId: name, activation, output: rows => firstRows(this.#output, rows) }];
  }

  /** Draws the weights; biases start at 0. */
  initialize(random: Random): void {
    const { rows, columns, values } = this.#weight.value;
    initialize(values, this.#settings.initializer, columns, rows, random);
    this.#bias?.value.values.fill(0);
  }

  drawMasks(): void {
    // Nothing is random here.
  }

  /** z[batch, outputs] for input[batch, inputs]; valid until the next call. */
  forward(input: Matrix): Matrix {
    const preActivation = firstRows(this.#preActivation, input.rows);
    const output = firstRows(this.#output, input.rows);
    this.#backend.denseForward(input, this.#weight.value, this.#bias?.value, preActivation);
    this.#backend.activate(this.#settings.activation, preActivation, output);
    return output;
  }

  /** mean ← the loss of this layer's last output; leaves ∂L/∂a for `backwardFromPreActivation`. */
  loss(loss: LossName, targets: Matrix, mean: Scalar): void {
    const { rows } = targets;
    this.#backend.loss(
      loss,
      this.#settings.activation,
      firstRows(this.#preActivation, rows),
      firstRows(this.#output, rows),
      targets,
      firstRows(this.#preActivationGradient, rows),
      mean,
    );
  }

  /** Biases are not penalized. */
  addPenalty(sum: Scalar, withGradient: boolean): void {
    const { l1, l2 } = this.#settings;
    if (l1 === 0 && l2 === 0) return;
    this.#backend.penalty(this.#weight.value, l1, l2, sum, withGradient ? this.#weight.gradient : undefined);
  }

  /** Fills the parameters' gradients from ∂L/∂z. Returns ∂L/∂x where it is needed. */
  backward(input: Matrix, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined {
    const { rows } = input;
    this.#backend.activationGradient(
      this.#settings.activation,
      firstRows(this.#preActivation, rows),
      firstRows(this.#output, rows),
      outputGradient,
      firstRows(this.#preActivationGradient, rows),
    );
    return this.backwardFromPreActivation(input, needsInputGradient);
  }

  /** The rest of `backward`, once ∂L/∂a is known. */
  backwardFromPreActivation(input: Matrix, needsInputGradient: boolean): Matrix | undefined {
    const gradient = firstRows(this.#preActivationGradient, input.rows);
    this.#backend.denseWeightGradient(gradient, input, this.#weight.gradient);
    if (this.#bias) this.#backend.denseBiasGradient(gradient, this.#bias.gradient);
    if (!needsInputGradient) return undefined;
    const inputGradient = firstRows(this.#inputGradient, input.rows);
    this.#backend.denseInputGradient(gradient, this.#weight.value, inputGradient);
    return inputGradient;
  }
}
