import type { Activation } from '../../model/layerFields.ts';
import type { LossName } from '../../model/dataFields.ts';
import type { Matrix } from '../backend.ts';
import { activationGradient } from './activate.ts';
import { sigmoid } from '../../model/activations.ts';
import { softmaxRow } from './softmax.ts';

type LossFunction = (
  activation: Activation,
  preActivation: Matrix,
  output: Matrix,
  targets: Matrix,
  preActivationGradient: Matrix,
) => number;

/**
 * Binary cross-entropy of a sigmoid layer, from its pre-activations, so that no logarithm of 0 is met.
 *
 *     L = (1/N) Σ max(a, 0) − a·y + ln(1 + e^−|a|)        ∂L/∂a = (σ(a) − y) / N
 *
 * Shapes: all [batch, outputs]; N = batch · outputs. Units: nats.
 * Source: the article, “Loss functions”, with the brackets it lost; rearranged by ln σ(a) = −ln(1+e^−a).
 */
const binaryCrossEntropy: LossFunction = (_activation, preActivation, _output, targets, preActivationGradient) => {
  const count = preActivation.rows * preActivation.columns;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const a = preActivation.values[i] ?? 0;
    const y = targets.values[i] ?? 0;
    sum += Math.max(a, 0) - a * y + Math.log1p(Math.exp(-Math.abs(a)));
    preActivationGradient.values[i] = (sigmoid(a) - y) / count;
  }
  return sum / count;
};

/**
 * Cross-entropy of a softmax layer, from its pre-activations.
 *
 *     L = (1/N) Σ_n Σ_j y_nj (ln Σ_k e^a_nk − a_nj)        ∂L/∂a_nj = (softmax(a)_nj Σ_k y_nk − y_nj) / N
 *
 * Shapes: all [batch, classes]; N = batch. Units: nats. Source: the article, “Loss functions”.
 */
const crossEntropy: LossFunction = (_activation, preActivation, _output, targets, preActivationGradient) => {
  const { rows, columns, values } = preActivation;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const logSum = softmaxRow(values, start, columns, preActivationGradient.values);
    let mass = 0;
    for (let i = start; i < start + columns; i++) mass += targets.values[i] ?? 0;
    for (let i = start; i < start + columns; i++) {
      const y = targets.values[i] ?? 0;
      if (y !== 0) sum += y * (logSum - (values[i] ?? 0));
      preActivationGradient.values[i] = ((preActivationGradient.values[i] ?? 0) * mass - y) / rows;
    }
  }
  return sum / rows;
};

/**
 * Mean squared error, without ½.
 *
 *     L = (1/N) Σ (ŷ − y)²        ∂L/∂ŷ = 2(ŷ − y) / N
 *
 * Shapes: all [batch, outputs]; N = batch · outputs, as in PyTorch. Source: the article, “Loss functions”.
 */
const meanSquaredError: LossFunction = (activation, preActivation, output, targets, preActivationGradient) => {
  const count = output.rows * output.columns;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = (output.values[i] ?? 0) - (targets.values[i] ?? 0);
    sum += difference * difference;
    preActivationGradient.values[i] = (2 * difference) / count;
  }
  activationGradient(activation, preActivation, output, preActivationGradient, preActivationGradient);
  return sum / count;
};

/**
 * Mean absolute error: outliers pull no harder than others.
 *
 *     L = (1/N) Σ |ŷ − y|        ∂L/∂ŷ = sign(ŷ − y) / N, 0 where they are equal
 *
 * Shapes: all [batch, outputs]; N = batch · outputs, as in PyTorch's L1Loss.
 */
const meanAbsoluteError: LossFunction = (activation, preActivation, output, targets, preActivationGradient) => {
  const count = output.rows * output.columns;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = (output.values[i] ?? 0) - (targets.values[i] ?? 0);
    sum += Math.abs(difference);
    preActivationGradient.values[i] = Math.sign(difference) / count;
  }
  activationGradient(activation, preActivation, output, preActivationGradient, preActivationGradient);
  return sum / count;
};

/**
 * Huber's loss with δ = 1: squared near the target, absolute far from it.
 *
 *     d = ŷ − y      L = (1/N) Σ (½d² if |d| ≤ 1, else |d| − ½)        ∂L/∂ŷ = max(−1, min(1, d)) / N
 *
 * Shapes: all [batch, outputs]; N = batch · outputs, as in PyTorch's HuberLoss. Source: Huber 1964.
 */
const huber: LossFunction = (activation, preActivation, output, targets, preActivationGradient) => {
  const count = output.rows * output.columns;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const difference = (output.values[i] ?? 0) - (targets.values[i] ?? 0);
    const size = Math.abs(difference);
    sum += size <= 1 ? (difference * difference) / 2 : size - 0.5;
    preActivationGradient.values[i] = Math.max(-1, Math.min(1, difference)) / count;
  }
  activationGradient(activation, preActivation, output, preActivationGradient, preActivationGradient);
  return sum / count;
};

export const lossFunctions: Record<LossName, LossFunction> = {
  binaryCrossEntropy,
  crossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
};

/**
 * What moves a perceptron, whose step has no useful derivative: with learning rate α a step of gradient descent is
 * w ← w + α(y − ŷ)x, the mean of it over a batch.
 *
 *     preActivationGradient ← (ŷ − y) / N
 *
 * Shapes: all [batch, outputs]; N = batch · outputs. Source: Rosenblatt 1958; the article, “The perceptron”.
 */
export function perceptronRule(output: Matrix, targets: Matrix, preActivationGradient: Matrix): void {
  const count = output.rows * output.columns;
  for (let i = 0; i < count; i++)
    preActivationGradient.values[i] = ((output.values[i] ?? 0) - (targets.values[i] ?? 0)) / count;
}
