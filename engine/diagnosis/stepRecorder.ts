import type { Affine, Backend, Matrix, NormGradients, Numbers } from '../backends/backend.ts';
import { scalarActivations } from '../model/activations.ts';
import type { Activation } from '../model/layerFields.ts';
import type { Layer } from '../model/schema.ts';
import type { Parameter } from '../network/parameter.ts';
import type { Operation, OperationKind, Phase, Role } from '../protocol/explanation.ts';
import { columnsFigure, figureOf } from './figures.ts';
import { columnDeviations, columnMeans, rowDeviations, rowMeans } from './normTerms.ts';

type Terms = Partial<Record<Role, Matrix | undefined>>;

/** Roles whose matrices are weights; all others are batches or vectors. */
const weightRoles: readonly string[] = ['weight', 'weightGradient'] satisfies Role[];

/** What a matrix is in a formula, in the order of the formula. */
const termsOf = (terms: Terms): Operation['operands'] =>
  Object.entries(terms).flatMap(([role, matrix]) =>
    matrix
      ? [{ role: role as Role, figure: weightRoles.includes(role) ? figureOf(matrix) : columnsFigure(matrix) }]
      : [],
  );

interface Heard {
  readonly phase: Phase;
  readonly layerId: string;
  readonly kind: OperationKind;
}

/** The names of one type of layer in the order in which a pass reaches them; a block is reached after its inside. */
function namesOf(type: Layer['type'], layers: readonly Layer[], backwards: boolean, prefix = ''): string[] {
  return (backwards ? layers.toReversed() : layers).flatMap(layer => {
    const name = prefix + layer.id;
    const inner = layer.type === 'residual' ? namesOf(type, layer.layers, backwards, `${name}.`) : [];
    return layer.type === type ? [...inner, name] : inner;
  });
}

/**
 * Listens to a backend while a network does a step, and writes down each operation with its numbers. What is explained
 * is therefore the trainer's own step, not another computation beside it. Matrices are recognized by their memory.
 */
export class StepRecorder {
  readonly backend: Backend;
  operations: Operation[] = [];
  #recording = false;
  #phase: Phase = 'forward';
  readonly #layers: readonly Layer[];
  readonly #names = new Map<Numbers, string>();
  #waiting: Partial<Record<Layer['type'], string[]>> = {};

  constructor(backend: Backend, layers: readonly Layer[]) {
    this.#layers = layers;
    this.backend = { ...backend, ...this.#listening(backend) };
  }

  /** Writes down what `act` does with a network of these parameters. */
  record(parameters: readonly Parameter[], act: () => void): void {
    for (const { layerId, value, gradient } of parameters)
      for (const { values } of [value, gradient]) this.#names.set(values, layerId);
    this.#recording = true;
    this.#begin('forward');
    act();
    this.#recording = false;
  }

  #begin(phase: Phase): void {
    this.#phase = phase;
    const names = (type: Layer['type']) => namesOf(type, this.#layers, phase === 'backward');
    this.#waiting = { dropout: names('dropout'), residual: names('residual') };
  }

  /** Computes, and writes the operands down as they were before it. */
  #hear<Result>(heard: Heard, operands: Terms, result: Terms, compute: () => Result): Result {
    if (!this.#recording) return compute();
    const terms = termsOf(operands);
    const computed = compute();
    this.operations.push({ ...heard, operands: terms, result: termsOf(result) });
    return computed;
  }

  #nameOf({ values }: Matrix): string {
    return this.#names.get(values) ?? '';
  }

  /** The layer of this type that the pass reaches next. */
  #next(type: 'dropout' | 'residual'): string {
    return (this.#recording && this.#waiting[type]?.shift()) || '';
  }

  #listening(backend: Backend): Partial<Backend> {
    const forward = (layerId: string, kind: OperationKind): Heard => ({ phase: 'forward', layerId, kind });
    const backward = (layerId: string, kind: OperationKind): Heard => ({ phase: 'backward', layerId, kind });
    return {
      denseForward: (input, weight, bias, preActivation) => {
        const layerId = this.#nameOf(weight);
        this.#names.set(preActivation.values, layerId);
        this.#hear(forward(layerId, 'dense'), { weight, input, bias }, { preActivation }, () => {
          backend.denseForward(input, weight, bias, preActivation);
        });
      },
      activate: (activation, preActivation, output) => {
        this.#hear(forward(this.#nameOf(preActivation), 'activation'), { preActivation }, { output }, () => {
          backend.activate(activation, preActivation, output);
        });
      },
      multiply: (a, b, product) => {
        const layerId = this.#next('dropout');
        const compute = () => {
          backend.multiply(a, b, product);
        };
        if (this.#phase === 'forward')
          this.#hear(forward(layerId, 'dropout'), { input: a, mask: b }, { output: product }, compute);
        else
          this.#hear(
            backward(layerId, 'dropoutGradient'),
            { outputGradient: a, mask: b },
            { inputGradient: product },
            compute,
          );
      },
      add: (a, b, sum) => {
        const layerId = this.#next('residual');
        const compute = () => {
          backend.add(a, b, sum);
        };
        if (this.#phase === 'forward')
          this.#hear(forward(layerId, 'residual'), { input: a, inner: b }, { output: sum }, compute);
        else
          this.#hear(
            backward(layerId, 'residualGradient'),
            { outputGradient: a, inner: b },
            { inputGradient: sum },
            compute,
          );
      },
      normalizeColumns: (input, statistics, affine, normalized, output) => {
        this.#hear(this.#norm(affine, 'batchNorm'), { input, ...affine }, { normalized, output }, () => {
          backend.normalizeColumns(input, statistics, affine, normalized, output);
        });
      },
      normalizeRows: (input, epsilon, affine, variance, normalized, output) => {
        this.#hear(this.#norm(affine, 'layerNorm'), { input, ...affine }, { normalized, output }, () => {
          backend.normalizeRows(input, epsilon, affine, variance, normalized, output);
        });
      },
      normalizeColumnsGradient: (outputGradient, normalized, statistics, scale, gradients) => {
        this.#hear(
          backward(this.#nameOf(scale), 'batchNormGradient'),
          {
            outputGradient,
            scale,
            deviation: columnDeviations(statistics),
            normalized,
            ...columnMeans(outputGradient, normalized),
          },
          normResult(gradients),
          () => {
            backend.normalizeColumnsGradient(outputGradient, normalized, statistics, scale, gradients);
          },
        );
      },
      normalizeRowsGradient: (outputGradient, normalized, epsilon, variance, scale, gradients) => {
        this.#hear(
          backward(this.#nameOf(scale), 'layerNormGradient'),
          {
            outputGradient,
            scale,
            deviation: rowDeviations(variance, epsilon, outputGradient.rows),
            normalized,
            ...rowMeans(outputGradient, scale, normalized),
          },
          normResult(gradients),
          () => {
            backend.normalizeRowsGradient(outputGradient, normalized, epsilon, variance, scale, gradients);
          },
        );
      },
      loss: (loss, activation, preActivation, output, target, gradient, mean) => {
        const layerId = this.#nameOf(preActivation);
        this.#hear({ phase: 'loss', layerId: '', kind: 'loss' }, { output, target }, {}, () => {
          backend.loss(loss, activation, preActivation, output, target, gradient, mean);
        });
        this.#begin('backward');
        this.#hear(
          backward(layerId, 'lossGradient'),
          { output, target },
          { preActivationGradient: gradient },
          () => undefined,
        );
      },
      activationGradient: (activation, preActivation, output, outputGradient, preActivationGradient) => {
        this.#hear(
          backward(this.#nameOf(preActivation), 'activationGradient'),
          { outputGradient, slope: slopeOf(activation, preActivation, output) },
          { preActivationGradient },
          () => {
            backend.activationGradient(activation, preActivation, output, outputGradient, preActivationGradient);
          },
        );
      },
      denseWeightGradient: (preActivationGradient, input, weightGradient) => {
        this.#hear(
          backward(this.#nameOf(weightGradient), 'weightGradient'),
          { preActivationGradient, input },
          { weightGradient },
          () => {
            backend.denseWeightGradient(preActivationGradient, input, weightGradient);
          },
        );
      },
      denseBiasGradient: (preActivationGradient, biasGradient) => {
        this.#hear(
          backward(this.#nameOf(biasGradient), 'biasGradient'),
          { preActivationGradient },
          { biasGradient },
          () => {
            backend.denseBiasGradient(preActivationGradient, biasGradient);
          },
        );
      },
      denseInputGradient: (preActivationGradient, weight, inputGradient) => {
        this.#hear(
          backward(this.#nameOf(weight), 'inputGradient'),
          { weight, preActivationGradient },
          { inputGradient },
          () => {
            backend.denseInputGradient(preActivationGradient, weight, inputGradient);
          },
        );
      },
      penalty: (weight, l1, l2, sum, weightGradient) => {
        const compute = () => {
          backend.penalty(weight, l1, l2, sum, weightGradient);
        };
        if (weightGradient)
          this.#hear(
            backward(this.#nameOf(weight), 'penalty'),
            { weightGradient, weight },
            { weightGradient },
            compute,
          );
        else compute();
      },
    };
  }

  #norm({ scale }: Affine, kind: 'batchNorm' | 'layerNorm'): Heard {
    return { phase: 'forward', layerId: this.#nameOf(scale), kind };
  }
}

const normResult = ({ input, scale, shift }: NormGradients): Terms => ({
  inputGradient: input,
  scaleGradient: scale,
  shiftGradient: shift,
});

/** σ′(a) of each entry; softmax has none that stands alone. */
function slopeOf(activation: Activation, preActivation: Matrix, output: Matrix): Matrix | undefined {
  if (activation === 'softmax') return undefined;
  const { derivative } = scalarActivations[activation];
  const { rows, columns } = preActivation;
  const values = Float64Array.from({ length: rows * columns }, (_, i) =>
    derivative(preActivation.values[i] ?? 0, output.values[i] ?? 0),
  );
  return { rows, columns, values };
}
