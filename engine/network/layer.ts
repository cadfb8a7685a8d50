import type { Operations, Matrix, Scalar } from '../backends/backend.ts';
import type { Random } from '../data/random.ts';
import type { Activation } from '../model/layerFields.ts';
import type { Parameter, Statistic } from './parameter.ts';

/** While training, dropout forgets and batch norm looks at its batch; otherwise both are fixed functions. */
export type Mode = 'train' | 'evaluate';

/** What a layer is built for. */
export interface LayerPlace {
  readonly backend: Operations;
  /** Full name, blocks included. */
  readonly name: string;
  readonly inputs: number;
  /** The most rows that a batch will have. */
  readonly capacity: number;
}

/** What the nodes of a dense layer answered last. */
export interface NodeView {
  readonly layerId: string;
  readonly activation: Activation;
  /** output[rows, nodes] of the last forward pass of so many rows. */
  readonly output: (rows: number) => Matrix;
}

/** One step of a network's way from input to output, and of its gradient's way back. */
export interface NetworkLayer {
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  /** The nodes within, in the order of the way forward. */
  readonly nodes: readonly NodeView[];

  /** Gives every parameter its first value. */
  initialize(random: Random): void;

  /** Draws what is random in the next training step of `rows` rows. Until then nothing is. */
  drawMasks(random: Random, rows: number): void;

  /** output[batch, outputs] for input[batch, inputs]; valid until the next call. */
  forward(input: Matrix, mode: Mode): Matrix;

  /**
   * Fills the parameters' gradients from ∂L/∂output, after a `forward` of the same input in mode `train`.
   * Returns ∂L/∂input, or nothing where `needsInputGradient` is false.
   */
  backward(input: Matrix, outputGradient: Matrix, needsInputGradient: boolean): Matrix | undefined;

  /** Adds what its weights cost, λ₁‖W‖₁ + λ₂‖W‖², to `sum`, and where asked its gradient to theirs. */
  addPenalty(sum: Scalar, withGradient: boolean): void;
}
