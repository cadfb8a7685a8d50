import type { Operations, Matrix, Scalar } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { LossName } from '../model/dataFields.ts';
import type { Layer, Model } from '../model/schema.ts';
import { DenseLayer } from './dense.ts';
import type { Mode, NodeView } from './layer.ts';
import { layerOutputs } from './layerOutputs.ts';
import type { Parameter, Statistic } from './parameter.ts';
import { buildPath, type Path } from './path.ts';

/** What a batch gave; the output is valid until the next call. While a backend records, only `output` says something. */
interface LossAndOutput {
  /** Mean loss of the data, without penalties. */
  readonly loss: number;
  readonly output: Matrix;
}

/** A multilayer perceptron on one backend: layers in a row, and the loss after the last, which is dense. */
export class Network {
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  /** Every dense layer's nodes, for whoever wants to look at them. */
  readonly nodes: readonly NodeView[];
  /** The most rows that can pass at once. */
  readonly capacity: number;
  readonly #settings: readonly Layer[];
  readonly #path: Path;
  readonly #last: DenseLayer;
  readonly #lossName: LossName;
  readonly #backend: Operations;
  readonly #loss: Scalar;
  readonly #penalty: Scalar;

  /** Weights are 0 until `initialize`. */
  constructor(backend: Operations, model: Pick<Model, 'layers' | 'loss'>, inputs: number, capacity: number) {
    this.#settings = model.layers;
    this.#path = buildPath(model.layers, { backend, inputs, capacity });
    const last = this.#path.layers.at(-1);
    if (!(last instanceof DenseLayer)) throw new RangeError('The last layer of a network is dense.');
    this.#last = last;
    this.capacity = capacity;
    this.#lossName = model.loss;
    this.#backend = backend;
    this.#loss = backend.allocateScalar();
    this.#penalty = backend.allocateScalar();
    this.parameters = this.#path.parameters;
    this.statistics = this.#path.statistics;
    this.nodes = this.#path.nodes;
  }

  initialize(random: Random): void {
    this.#path.initialize(random);
  }

  /** Draws what is random in the next training step, such as what dropout forgets. */
  drawMasks(random: Random, rows: number): void {
    this.#path.drawMasks(random, rows);
  }

  /** Output[batch, outputs] for input[batch, inputs], as after training; valid until the next call. */
  forward(input: Matrix): Matrix {
    return this.#path.forward(input, 'evaluate');
  }

  /** What every layer gave in the last pass, by its full name; valid until the next one. */
  outputs(): ReadonlyMap<string, Matrix> {
    return layerOutputs(this.#path, this.#settings);
  }

  /** Mean loss of a batch, as after training or as a training step sees it. */
  evaluate(input: Matrix, targets: Matrix, mode: Mode = 'evaluate'): LossAndOutput {
    const output = this.#path.forward(input, mode);
    this.#last.loss(this.#lossName, targets, this.#loss);
    return { loss: this.loss, output };
  }

  /** Mean loss of the last batch, without penalties. */
  get loss(): number {
    return this.#loss[0] ?? NaN;
  }

  /** Where the backend leaves the loss and the penalties, for whoever fetches them from a device. */
  get scalars(): { readonly loss: Scalar; readonly penalty: Scalar } {
    return { loss: this.#loss, penalty: this.#penalty };
  }

  /** Loss and penalties of the last batch that had gradients. */
  get total(): number {
    return this.loss + (this.#penalty[0] ?? NaN);
  }

  /** What the weights of all layers cost: Σ λ₁‖W‖₁ + λ₂‖W‖². */
  get penalty(): number {
    this.#addPenalty(false);
    return this.#penalty[0] ?? NaN;
  }

  /**
   * Mean loss of a batch, and the gradient of `total`, which is the loss and the penalties, in every
   * parameter (backpropagation).
   * The last layer's ∂L/∂a comes from the loss, each earlier one's from the layer after it.
   */
  lossAndGradients(input: Matrix, targets: Matrix): LossAndOutput & { readonly total: number } {
    const { output } = this.evaluate(input, targets, 'train');
    const last = this.#path.layers.length - 1;
    const gradient = this.#last.backwardFromPreActivation(this.#path.inputOf(last), last > 0);
    if (gradient) this.#path.backwardFrom(last - 1, gradient, false);
    this.#addPenalty(true);
    return { loss: this.loss, total: this.total, output };
  }

  #addPenalty(withGradient: boolean): void {
    this.#backend.clear(this.#penalty);
    this.#path.addPenalty(this.#penalty, withGradient);
  }
}
