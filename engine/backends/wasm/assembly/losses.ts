import { expOfNegative, logarithm, logOfOnePlus, sigmoid } from './elementary';
import { choose, laneSum, loadPart, signOf, storePart } from './vector';

/*
 * Mean losses of a batch with their gradients; the formulas and their sources are beside the reference. Losses of numbers leave ∂L/∂ŷ, which the caller
 * takes through the activation. Sums are float64.
 */

/** Losses by number; the host has the same list. */
const binaryCrossEntropy: i32 = 0;
const crossEntropy: i32 = 1;
const meanSquaredError: i32 = 2;
const meanAbsoluteError: i32 = 3;

/** Whether the gradient of a loss is ∂L/∂a already. */
export function skipsActivation(loss: i32): bool {
  return loss == binaryCrossEntropy || loss == crossEntropy;
}

/** Mean loss over rows, or over all numbers. gradient ← ∂L/∂a or ∂L/∂ŷ. Shapes: all [rows, columns]. */
export function meanLoss(
  loss: i32,
  preActivation: usize,
  output: usize,
  targets: usize,
  gradient: usize,
  rows: i32,
  columns: i32,
): f64 {
  if (loss == crossEntropy) return classes(preActivation, output, targets, gradient, rows, columns);
  const count = rows * columns;
  const share = f32x4.splat(<f32>(1 / <f64>count));
  const input = loss == binaryCrossEntropy ? preActivation : output;
  const whole = count & ~3;
  let sum: f64 = 0;
  for (let i = 0; i < count; i += 4) {
    const at = i << 2;
    const isWhole = i < whole;
    const x = isWhole ? v128.load(input + at) : loadPart(input + at, count - whole);
    const y = isWhole ? v128.load(targets + at) : loadPart(targets + at, count - whole);
    let slope = f32x4.splat(0);
    let cost = slope;
    if (loss == binaryCrossEntropy) {
      // max(a, 0) − a y + ln(1 + e^−|a|)
      const e = expOfNegative(f32x4.neg(f32x4.abs(x)));
      cost = f32x4.add(f32x4.sub(f32x4.max(x, f32x4.splat(0)), f32x4.mul(x, y)), logOfOnePlus(e));
      slope = f32x4.sub(sigmoid(x), y);
    } else {
      const d = f32x4.sub(x, y);
      const size = f32x4.abs(d);
      if (loss == meanSquaredError) {
        cost = f32x4.mul(d, d);
        slope = f32x4.add(d, d);
      } else if (loss == meanAbsoluteError) {
        cost = size;
        slope = signOf(d);
      } else {
        // Huber, δ = 1
        const near = f32x4.mul(f32x4.mul(d, d), f32x4.splat(0.5));
        cost = choose(f32x4.le(size, f32x4.splat(1)), near, f32x4.sub(size, f32x4.splat(0.5)));
        slope = f32x4.max(f32x4.splat(-1), f32x4.min(f32x4.splat(1), d));
      }
    }
    slope = f32x4.mul(slope, share);
    if (isWhole) {
      sum += laneSum(cost);
      v128.store(gradient + at, slope);
    } else {
      sum += laneSum(firstLanes(cost, count - whole));
      storePart(gradient + at, slope, count - whole);
    }
  }
  return sum / <f64>count;
}

/**
 * Cross-entropy of a softmax layer: Σ_j y_j (ln Σ_k e^a_k − a_j), where ln Σ_k e^a_k = a_m − ln z_m for the largest a_m. The gradient is
 * (z_j Σ_k y_k − y_j) / rows.
 */
function classes(preActivation: usize, output: usize, targets: usize, gradient: usize, rows: i32, columns: i32): f64 {
  const bytes = columns << 2;
  const share: f32 = <f32>(1 / <f64>rows);
  let sum: f64 = 0;
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    let mass: f32 = 0;
    for (let at = 0; at < bytes; at += 4) {
      if (f32.load(preActivation + at) > f32.load(preActivation + largest)) largest = at;
      mass += f32.load(targets + at);
    }
    const logSum = <f64>f32.load(preActivation + largest) - logarithm(<f64>f32.load(output + largest));
    for (let at = 0; at < bytes; at += 4) {
      const y = f32.load(targets + at);
      if (y != 0) sum += <f64>y * (logSum - <f64>f32.load(preActivation + at));
      f32.store(gradient + at, (f32.load(output + at) * mass - y) * share);
    }
    preActivation += bytes;
    output += bytes;
    targets += bytes;
    gradient += bytes;
  }
  return sum / <f64>rows;
}

/** The lanes from `count` on become 0. */
function firstLanes(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}
