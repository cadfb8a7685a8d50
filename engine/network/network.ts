import type { Backend, Matrix } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { LossName } from '../model/dataFields.ts';
import type { Model } from '../model/schema.ts';
import { DenseLayer } from './dense.ts';
import type { Parameter } from './parameter.ts';

/** What a batch gave; the output is valid until the next call. */
interface LossAndOutput {
  /** Mean loss of the data, without penalties. */
  readonly loss: number;
  readonly output: Matrix;
}

/** A multilayer perceptron on one backend: layers in a row, and the loss after the last. */
export class Network {
  readonly parameters: readonly Parameter[];
  readonly #layers: readonly DenseLayer[];
  readonly #loss: LossName;

  /** `capacity` is the most rows that a batch will have. Weights are 0 until `initialize`. */
  constructor(backend: Backend, model: Pick<Model, 'layers' | 'loss'>, inputs: number, capacity: number) {
    let width = inputs;
    this.#layers = model.layers.map(settings => {
      const layer = new DenseLayer(backend, settings, width, capacity);
      width = settings.units;
      return layer;
    });
    this.#loss = model.loss;
    this.parameters = this.#layers.flatMap(layer => layer.parameters);
  }

  initialize(random: Random): void {
    for (const layer of this.#layers) layer.initialize(random);
  }

  /** Output[batch, outputs] for input[batch, inputs]; valid until the next call. */
  forward(input: Matrix): Matrix {
    return this.#layers.reduce((value, layer) => layer.forward(value), input);
  }

  /** Mean loss of a batch. Leaves the output in `output`. */
  evaluate(input: Matrix, targets: Matrix): LossAndOutput {
    const output = this.forward(input);
    return { loss: this.#last.loss(this.#loss, targets), output };
  }

  /** What the weights of all layers cost: Σ λ₁‖W‖₁ + λ₂‖W‖². */
  get penalty(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.penalty, 0);
  }

  /**
   * Mean loss of a batch, and the gradient of `total`, which is the loss and the penalties, in every
   * parameter (backpropagation).
   * The last layer's ∂L/∂a comes from the loss, each earlier one's from the layer after it.
   */
  lossAndGradients(input: Matrix, targets: Matrix): LossAndOutput & { readonly total: number } {
    const inputs: Matrix[] = [input];
    for (const layer of this.#layers) inputs.push(layer.forward(inputs.at(-1) ?? input));
    const loss = this.#last.loss(this.#loss, targets);
    let gradient: Matrix | undefined;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i];
      const layerInput = inputs[i] ?? input;
      gradient = gradient
        ? layer?.backward(layerInput, gradient, i === 0)
        : layer?.backwardFromPreActivation(layerInput, i === 0);
    }
    const total = this.#layers.reduce((sum, layer) => sum + layer.addPenalty(), loss);
    return { loss, total, output: inputs.at(-1) ?? input };
  }

  get #last(): DenseLayer {
    const layer = this.#layers.at(-1);
    if (!layer) throw new RangeError('A network has at least one layer.');
    return layer;
  }
}
