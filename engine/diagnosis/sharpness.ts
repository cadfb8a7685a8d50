import type { Subject } from './subject.ts';
import { Random } from '../data/random.ts';
import type { OptimizerSettings } from '../model/schema.ts';
import type { Stability } from '../protocol/diagnosis.ts';

/** Products with the Hessian that one estimate may take, and the change of the estimate that ends it earlier. */
const maximumProducts = 40;
const tolerance = 1e-3;
/** Batches whose squared gradients stand for Adam's second moment. */
const momentBatches = 8;
/** Larger networks would hold up the editor's answer for too long. */
const maximumParameters = 500_000;

/**
 * The largest learning rate at which a step still settles, at the subject's weights. Undefined for an optimizer that no
 * limit is known for, and for a loss without curvature.
 *
 *     gradient descent  2/λ        momentum  (2+2μ)/λ        λ the largest eigenvalue of the Hessian H
 *     Adam  (2+2β₁)/((1−β₁)λ)      λ that of P^−½ H P^−½, P = diag(√v̂ + ε)
 *
 * Source: Cohen et al. 2021 and 2022 (arXiv:2103.00065, arXiv:2207.14484).
 */
export function stabilityOf(subject: Subject): Stability | undefined {
  const { optimizer } = subject.given.model;
  if (subject.parameterCount > maximumParameters) return undefined;
  const rule = limitRule(optimizer);
  if (!rule) return undefined;
  const sharpness = sharpnessOf(subject, optimizer.type === 'adam' ? preconditioner(subject, optimizer) : undefined);
  if (!Number.isFinite(sharpness) || sharpness <= 0) return undefined;
  return { sharpness, limit: rule.factor / sharpness, formula: rule.formula };
}

function limitRule(optimizer: OptimizerSettings): { factor: number; formula: string } | undefined {
  switch (optimizer.type) {
    case 'sgd':
      return { factor: 2, formula: '2/λ' };
    case 'momentum':
      return optimizer.nesterov ? undefined : { factor: 2 + 2 * optimizer.momentum, formula: '(2+2μ)/λ' };
    case 'adam':
      return { factor: (2 + 2 * optimizer.beta1) / (1 - optimizer.beta1), formula: '(2+2β₁)/((1−β₁)λ)' };
    default:
      return undefined;
  }
}

/**
 * The largest eigenvalue of the Hessian of loss and penalties, or of P^−½ H P^−½. Power iteration finds the eigenvalue
 * of largest size; should that be negative, a second one on H − λI finds the largest.
 *
 *     v ← Hv / ‖Hv‖        λ = vᵀHv
 */
export function sharpnessOf(subject: Subject, scale?: Float64Array): number {
  const product = hessianProduct(subject, scale);
  const first = powerIteration(product, subject);
  if (first >= 0) return first;
  return (
    powerIteration(vector => {
      const result = product(vector);
      for (let i = 0; i < vector.length; i++) result[i]! -= first * vector[i]!;
      return result;
    }, subject) + first
  );
}

type Product = (vector: Float64Array) => Float64Array;

function powerIteration(product: Product, { given, parameterCount }: Subject): number {
  const random = new Random(given.model.seed, 'gradientCheck');
  let vector: Float64Array = Float64Array.from({ length: parameterCount }, () => random.normal());
  normalize(vector);
  let eigenvalue = 0;
  for (let n = 0; n < maximumProducts; n++) {
    const next = product(vector);
    const estimate = dot(vector, next);
    if (!Number.isFinite(estimate)) return NaN;
    const settled = Math.abs(estimate - eigenvalue) <= tolerance * Math.abs(estimate);
    eigenvalue = estimate;
    if (settled || !normalize(next)) break;
    vector = next;
  }
  return eigenvalue;
}

/**
 *     Hv ≈ (∇L(w + hv) − ∇L(w − hv)) / 2h        h = 10⁻⁵ max(1, ‖w‖) for ‖v‖ = 1
 *
 * With a scale s: s ⊙ H(s ⊙ v).
 */
function hessianProduct(subject: Subject, scale: Float64Array | undefined): Product {
  const weights = flatten(subject, 'value');
  return vector => {
    const direction = scale ? vector.map((value, i) => value * scale[i]!) : vector;
    const size = Math.sqrt(dot(direction, direction));
    if (size === 0) return new Float64Array(vector.length);
    const h = (1e-5 * Math.max(1, Math.sqrt(dot(weights, weights)))) / size;
    const ahead = gradientAt(subject, weights, direction, h);
    const behind = gradientAt(subject, weights, direction, -h);
    setWeights(subject, weights);
    return ahead.map((value, i) => ((value - behind[i]!) / (2 * h)) * (scale?.[i] ?? 1));
  };
}

function gradientAt(subject: Subject, weights: Float64Array, direction: Float64Array, h: number): Float64Array {
  setWeights(
    subject,
    weights.map((weight, i) => weight + h * direction[i]!),
  );
  subject.network.lossAndGradients(subject.input, subject.targets);
  return flatten(subject, 'gradient');
}

/** 1/√P with v̂ the mean squared gradient of a few batches, as Adam has it after its first steps. */
function preconditioner(subject: Subject, { form, epsilon }: OptimizerSettings<'adam'>): Float64Array {
  const { network, input, targets, given } = subject;
  const { batchSize } = given.model.training;
  const rows = Math.min(input.rows, batchSize === 'full' ? input.rows : batchSize);
  const batches = Math.max(1, Math.min(momentBatches, Math.floor(input.rows / rows)));
  const secondMoment = new Float64Array(subject.parameterCount);
  const part = (matrix: typeof input, batch: number) => ({
    rows,
    columns: matrix.columns,
    values: matrix.values.subarray(batch * rows * matrix.columns, (batch + 1) * rows * matrix.columns),
  });
  for (let batch = 0; batch < batches; batch++) {
    network.lossAndGradients(part(input, batch), part(targets, batch));
    flatten(subject, 'gradient').forEach((g, i) => (secondMoment[i]! += (g * g) / batches));
  }
  return secondMoment.map(v => 1 / Math.sqrt(form === 'article' ? Math.sqrt(v + epsilon) : Math.sqrt(v) + epsilon));
}

function flatten({ network, parameterCount }: Subject, part: 'value' | 'gradient'): Float64Array {
  const result = new Float64Array(parameterCount);
  let offset = 0;
  for (const parameter of network.parameters) {
    result.set(parameter[part].values, offset);
    offset += parameter[part].values.length;
  }
  return result;
}

function setWeights({ network }: Subject, weights: Float64Array): void {
  let offset = 0;
  for (const { value } of network.parameters) {
    value.values.set(weights.subarray(offset, offset + value.values.length));
    offset += value.values.length;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Scales to length 1; false for the zero vector. */
function normalize(vector: Float64Array): boolean {
  const size = Math.sqrt(dot(vector, vector));
  if (size === 0) return false;
  for (let i = 0; i < vector.length; i++) vector[i]! /= size;
  return true;
}
