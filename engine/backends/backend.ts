import type { BackendName, LossName } from '../model/dataFields.ts';
import type { Activation } from '../model/layerFields.ts';

/** Numbers as a backend keeps them. */
export type Numbers = Float64Array | Float32Array;

/** Row-major matrix. `values` holds at least rows × columns numbers. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Numbers;
}

/** One number that an operation leaves for its caller, in its first place. */
export type Scalar = Float64Array;

/** The first `rows` rows of a matrix, sharing its memory. */
export const firstRows = (matrix: Matrix, rows: number): Matrix => ({
  rows,
  columns: matrix.columns,
  values: matrix.values,
});

/** Mean and variance of each column, [1, n]; ε keeps the division finite. */
export interface NormStatistics {
  readonly mean: Matrix;
  readonly variance: Matrix;
  readonly epsilon: number;
}

/** What a norm layer learns, [1, n] each. */
export interface Affine {
  readonly scale: Matrix;
  readonly shift: Matrix;
}

/** Where the gradients of a norm go: inputGradient [batch, n], the others [1, n]. */
export interface NormGradients {
  readonly input: Matrix;
  readonly scale: Matrix;
  readonly shift: Matrix;
}

/** Computes where its host computes: an operation is done when it returns, unless it is recorded. */
export interface Backend extends Operations {
  readonly name: Exclude<BackendName, 'auto' | 'gpu'>;
  /** What computes, in words for the user. */
  readonly device: string;

  /**
   * Operations that will run again and again: calls `work` now or later, and returns what runs them. Operands are fixed when `record` is
   * called; only the numbers in them change. `work` may call nothing but operations, and must not look at what they compute.
   */
  record(work: () => void): () => void;

  /** Ends what the backend keeps busy, such as threads. Nothing may run afterwards. */
  close(): void;
}

/** Computes on a device of its own: operations are recorded, run when they are told to, and their results fetched when somebody looks. */
export interface DeviceBackend extends Operations {
  readonly name: 'gpu';
  /** What computes, in words for the user. */
  readonly device: string;
  readonly passes: UpdatePasses;
  readonly summaries: Summaries;

  /** As `Backend.record`, but what it returns resolves when the device has been told; it may compute on. */
  record(work: () => void): () => Promise<void>;

  /**
   * history[place · stride + i, :] ← values[i, :], with place the number in `place`: keeps what step after step has given, to be fetched at
   * once. `stride` is the most rows that `values` has in any program.
   */
  store(values: Matrix | Scalar, history: Matrix, stride: number, place: Int32Array): void;

  /** Brings the numbers home that the device has computed. Rejects if the device is lost. */
  fetch(numbers: readonly (Numbers | Scalar)[]): Promise<void>;

  /** Takes these numbers to the device before their next use there: the host has changed them. */
  send(numbers: readonly (Numbers | Scalar)[]): void;

  /** Frees everything on the device. Nothing may run afterwards. */
  close(): void;
}

/**
 * What every backend must compute. `reference/` says what is right; the others may only be faster.
 * Outputs are the last arguments and are written in full. `batch` is the rows of the input.
 */
export interface Operations {
  /** A matrix of zeros where this backend can reach it. */
  allocate(rows: number, columns: number): Matrix;

  /** A matrix of zeros that the host writes anew before every run. */
  allocateFed(rows: number, columns: number): Matrix;

  /** The matrix where this backend can reach it: itself, or a copy. */
  adopt(matrix: Matrix): Matrix;

  /** A list of rows for `gather`. */
  allocateRows(count: number): Int32Array;

  allocateScalar(): Scalar;

  /** scalar ← 0 */
  clear(scalar: Scalar): void;

  /** fault ← something else than 0 if a number of the matrix is not finite; else it stays. */
  checkFinite(matrix: Matrix, fault: Scalar): void;

  /** destination[i, :] ← source[rows[i], :]. Only here `source` may be a matrix that was not allocated by this backend. */
  gather(source: Matrix, rows: Int32Array, destination: Matrix): void;

  /** preActivation[batch, outputs] ← input[batch, inputs] · weightᵀ + bias; weight is [outputs, inputs], bias [1, outputs]. */
  denseForward(input: Matrix, weight: Matrix, bias: Matrix | undefined, preActivation: Matrix): void;

  /** inputGradient[batch, inputs] ← preActivationGradient[batch, outputs] · weight[outputs, inputs] */
  denseInputGradient(preActivationGradient: Matrix, weight: Matrix, inputGradient: Matrix): void;

  /** weightGradient[outputs, inputs] ← preActivationGradientᵀ · input */
  denseWeightGradient(preActivationGradient: Matrix, input: Matrix, weightGradient: Matrix): void;

  /** biasGradient[1, outputs] ← Σ over the batch of preActivationGradient */
  denseBiasGradient(preActivationGradient: Matrix, biasGradient: Matrix): void;

  /**
   * sum ← sum + λ₁‖W‖₁ + λ₂‖W‖²
   * weightGradient ← weightGradient + λ₁ sign(W) + 2λ₂W, where a gradient is given.
   */
  penalty(weight: Matrix, l1: number, l2: number, sum: Scalar, weightGradient?: Matrix): void;

  /** output[batch, n] ← σ(preActivation[batch, n]); softmax works on each row. */
  activate(activation: Activation, preActivation: Matrix, output: Matrix): void;

  /** preActivationGradient ← outputGradient ⊙ σ′(preActivation), where output = σ(preActivation). */
  activationGradient(
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    outputGradient: Matrix,
    preActivationGradient: Matrix,
  ): void;

  /** product ← a ⊙ b, all [batch, n]. `product` may be one of them. */
  multiply(a: Matrix, b: Matrix, product: Matrix): void;

  /** sum ← a + b, all [batch, n]. `sum` may be one of them. */
  add(a: Matrix, b: Matrix, sum: Matrix): void;

  /** average ← kept · average + share · values, both [1, n]. */
  blend(kept: number, average: Matrix, share: number, values: Matrix): void;

  /** mean[1, n] ← Σ input / batch; variance[1, n] ← Σ (input − mean)² / batch, column by column. */
  columnMoments(input: Matrix, mean: Matrix, variance: Matrix): void;

  /**
   * normalized[batch, n] ← (input − mean) / √(variance + ε), with one mean and variance a column.
   * output[batch, n] ← scale ⊙ normalized + shift. All but input, normalized and output are [1, n].
   */
  normalizeColumns(input: Matrix, statistics: NormStatistics, affine: Affine, normalized: Matrix, output: Matrix): void;

  /**
   * The gradient of `normalizeColumns` where mean and variance are the batch's own.
   *
   *     inputGradient ← scale/√(variance + ε) ⊙ (g − mean(g) − normalized ⊙ mean(g ⊙ normalized)), means over the batch
   *     scaleGradient[1, n] ← Σ g ⊙ normalized      shiftGradient[1, n] ← Σ g, with g = outputGradient
   */
  normalizeColumnsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    statistics: NormStatistics,
    scale: Matrix,
    gradients: NormGradients,
  ): void;

  /** As `normalizeColumns`, but mean and variance are each row's own: variance[1, batch] ← the rows' variances. */
  normalizeRows(
    input: Matrix,
    epsilon: number,
    affine: Affine,
    variance: Matrix,
    normalized: Matrix,
    output: Matrix,
  ): void;

  /**
   * The gradient of `normalizeRows`, with g = outputGradient and h = g ⊙ scale.
   *
   *     inputGradient ← (h − mean(h) − normalized ⊙ mean(h ⊙ normalized)) / √(variance + ε), means over the row
   */
  normalizeRowsGradient(
    outputGradient: Matrix,
    normalized: Matrix,
    epsilon: number,
    variance: Matrix,
    scale: Matrix,
    gradients: NormGradients,
  ): void;

  /**
   * mean ← the loss of a batch over its rows, and for regression over its outputs too.
   * `preActivation` and `output` are the last layer's; all matrices are [batch, outputs].
   * preActivationGradient ← ∂(mean loss)/∂(preActivation); under the activation step, which has none, the
   * perceptron rule's (output − targets) / count.
   */
  loss(
    loss: LossName,
    activation: Activation,
    preActivation: Matrix,
    output: Matrix,
    targets: Matrix,
    preActivationGradient: Matrix,
    mean: Scalar,
  ): void;

  /** Where this backend updates a parameter in one pass; elsewhere the optimizers' own loops run. */
  readonly passes?: UpdatePasses;
}

/**
 * What optimizers are made of: w is the weight, g its clipped gradient, m and v the slots, c the coefficients of the step.
 *
 *     descend     w ← w − c₀g
 *     roll        m ← c₀m + c₁g      w ← w + c₂m + c₃g
 *     scale       v ← c₀v + c₁g²     w ← w − c₂g / (√(v + c₃) + c₄)
 *     adapt       m ← c₀m + c₁g      v ← c₂v + c₃g²      w ← c₄w − (c₅m + c₆g) / (√(c₇v + c₈) + c₉)
 *     followSign  w ← c₂w − c₃ sign(c₀m + c₁g)           m ← c₄m + c₅g
 */
export const updatePasses = ['descend', 'roll', 'scale', 'adapt', 'followSign'] as const;
export type UpdatePass = (typeof updatePasses)[number];

/** Updates in one pass; who does not ask for the fault is spared the look at every weight. The first two coefficients scale and then limit every gradient; those of the pass follow. */
export interface UpdatePasses {
  /** sum ← sum + Σ x² */
  sumOfSquares(values: Matrix, sum: Scalar): void;

  /** coefficients[0] ← min(1, limit / (√squares + 10⁻⁶)) */
  clipByNorm(squares: Scalar, limit: number, coefficients: Matrix): void;

  /** Moves `weight` and `slots` by one of the passes. fault ← something else than 0 if a weight is then not finite. */
  update(
    pass: UpdatePass,
    weight: Matrix,
    gradient: Matrix,
    slots: readonly Numbers[],
    coefficients: Matrix,
    fault: Scalar | undefined,
  ): void;
}

/** A few numbers that say what a matrix holds, found where the matrix is. Outputs are the last arguments. */
export interface Summaries {
  /** copy ← values */
  copy(values: Matrix, copy: Matrix): void;

  /** change ← after − before. `change` may be one of them. */
  difference(after: Matrix, before: Matrix, change: Matrix): void;

  /** summary[1, 4] ← min x, max x, how many x are not finite, and Σ (x/s)² with s = max |x|, 0 where s is 0: so no square overflows. */
  summarize(values: Matrix, summary: Matrix): void;

  /** counts[1, bins] ← how many x lie in each of equal bins between the smallest and the largest, which `summary` has. */
  count(values: Matrix, summary: Matrix, counts: Matrix): void;

  /** share ← that of the outputs z at which the derivative is below 5 % of its largest: z(1 − z) < 0.05/4, or 1 − z² < 0.05 */
  saturatedShare(activation: Saturating, output: Matrix, share: Scalar): void;

  /** share ← that of the columns whose numbers are all 0; none is below 0 */
  deadShare(output: Matrix, share: Scalar): void;
}

/** Activations that flatten on both sides. */
export type Saturating = Extract<Activation, 'sigmoid' | 'tanh'>;
