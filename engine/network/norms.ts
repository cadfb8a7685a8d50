import {
  firstRows,
  type Affine,
  type Operations,
  type Matrix,
  type NormGradients,
  type NormStatistics,
} from '../backends/backend.ts';
import type { BatchNormLayer as BatchNormSettings, LayerNormLayer as LayerNormSettings } from '../model/schema.ts';
import type { LayerPlace, Mode, NetworkLayer } from './layer.ts';
import { createParameter, type Parameter, type Statistic } from './parameter.ts';

/** What batch norm and layer norm share: z = scale ⊙ x̂ + shift, with scale 1 and shift 0 at first. */
abstract class NormLayer implements NetworkLayer {
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[] = [];
  readonly nodes = [];
  protected readonly backend: Operations;
  protected readonly affine: Affine;
  readonly #normalized: Matrix;
  readonly #output: Matrix;
  readonly #inputGradient: Matrix;
  readonly #gradients: Pick<NormGradients, 'scale' | 'shift'>;

  constructor({ backend, name, inputs, capacity }: LayerPlace) {
    this.outputs = inputs;
    this.backend = backend;
    const scale = createParameter(backend, name, 'scale', 1, inputs);
    const shift = createParameter(backend, name, 'shift', 1, inputs);
    this.parameters = [scale, shift];
    this.affine = { scale: scale.value, shift: shift.value };
    this.#gradients = { scale: scale.gradient, shift: shift.gradient };
    this.#normalized = backend.allocate(capacity, inputs);
    this.#output = backend.allocate(capacity, inputs);
    this.#inputGradient = backend.allocate(capacity, inputs);
  }

  initialize(): void {
    this.affine.scale.values.fill(1);
    this.affine.shift.values.fill(0);
  }

  drawMasks(): void {
    // Nothing is random here.
  }

  forward(input: Matrix, mode: Mode): Matrix {
    const output = firstRows(this.#output, input.rows);
    this.normalize(input, mode, firstRows(this.#normalized, input.rows), output);
    return output;
  }

  /** The input's gradient comes along at no cost, so it is always computed. */
  backward(input: Matrix, outputGradient: Matrix): Matrix {
    const gradients = { ...this.#gradients, input: firstRows(this.#inputGradient, input.rows) };
    this.normalizeGradient(outputGradient, firstRows(this.#normalized, input.rows), gradients);
    return gradients.input;
  }

  addPenalty(): void {
    // There are no weights to penalize.
  }

  /** Writes x̂ and z. */
  protected abstract normalize(input: Matrix, mode: Mode, normalized: Matrix, output: Matrix): void;

  protected abstract normalizeGradient(outputGradient: Matrix, normalized: Matrix, gradients: NormGradients): void;
}

/**
 * Batch normalization: every column has mean 0 and deviation 1 over the batch before scale and shift.
 *
 *     x̂ = (x − μ) / √(s² + ε)      z = scale ⊙ x̂ + shift
 *     runningMean ← (1 − p) runningMean + pμ      runningVariance ← (1 − p) runningVariance + p s² N/(N − 1)
 *
 * p is `momentum`; μ and s² are the batch's while training and the running ones otherwise. N/(N − 1) is 1 for a batch
 * of one row. Shapes: x and z [batch, n], the others [1, n]. Source: Ioffe & Szegedy 2015, Algorithms 1 and 2; PyTorch's
 * BatchNorm1d.
 */
export class BatchNormLayer extends NormLayer {
  override readonly statistics: readonly Statistic[];
  readonly #settings: BatchNormSettings;
  readonly #batch: NormStatistics;
  readonly #running: NormStatistics;

  constructor(place: LayerPlace, settings: BatchNormSettings) {
    super(place);
    const { backend, name, inputs } = place;
    const { epsilon } = settings;
    this.#settings = settings;
    this.#batch = { mean: backend.allocate(1, inputs), variance: backend.allocate(1, inputs), epsilon };
    this.#running = { mean: backend.allocate(1, inputs), variance: backend.allocate(1, inputs), epsilon };
    this.statistics = [
      { layerId: name, kind: 'runningMean', value: this.#running.mean },
      { layerId: name, kind: 'runningVariance', value: this.#running.variance },
    ];
  }

  override initialize(): void {
    super.initialize();
    this.#running.mean.values.fill(0);
    this.#running.variance.values.fill(1);
  }

  protected normalize(input: Matrix, mode: Mode, normalized: Matrix, output: Matrix): void {
    if (mode === 'train') {
      this.backend.columnMoments(input, this.#batch.mean, this.#batch.variance);
      this.#remember(input.rows);
    }
    const statistics = mode === 'train' ? this.#batch : this.#running;
    this.backend.normalizeColumns(input, statistics, this.affine, normalized, output);
  }

  protected normalizeGradient(outputGradient: Matrix, normalized: Matrix, gradients: NormGradients): void {
    this.backend.normalizeColumnsGradient(outputGradient, normalized, this.#batch, this.affine.scale, gradients);
  }

  #remember(rows: number): void {
    const p = this.#settings.momentum;
    const unbiased = rows > 1 ? rows / (rows - 1) : 1;
    const { mean, variance } = this.#running;
    this.backend.blend(1 - p, mean, p, this.#batch.mean);
    this.backend.blend(1 - p, variance, p * unbiased, this.#batch.variance);
  }
}

/**
 * Layer normalization: every row has mean 0 and deviation 1 over its values before scale and shift.
 *
 *     x̂ = (x − μ) / √(s² + ε)      z = scale ⊙ x̂ + shift, μ and s² of each row
 *
 * The same while training and afterwards. Shapes: x and z [batch, n], scale and shift [1, n]. Source: Ba, Kiros & Hinton 2016.
 */
export class LayerNormLayer extends NormLayer {
  readonly #epsilon: number;
  readonly #variance: Matrix;

  constructor(place: LayerPlace, { epsilon }: LayerNormSettings) {
    super(place);
    this.#epsilon = epsilon;
    this.#variance = place.backend.allocate(1, place.capacity);
  }

  protected normalize(input: Matrix, _mode: Mode, normalized: Matrix, output: Matrix): void {
    this.backend.normalizeRows(input, this.#epsilon, this.affine, this.#variance, normalized, output);
  }

  protected normalizeGradient(outputGradient: Matrix, normalized: Matrix, gradients: NormGradients): void {
    this.backend.normalizeRowsGradient(
      outputGradient,
      normalized,
      this.#epsilon,
      this.#variance,
      this.affine.scale,
      gradients,
    );
  }
}
