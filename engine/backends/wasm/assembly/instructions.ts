/*
 * One function an instruction. Operands are the numbers of the instruction, from 1 on; number 15 says whether there is enough work for several threads,
 * and then all of them come here.
 */
import { activate, activationGradient } from './activations';
import { packedRows, pieceLength } from '../layout';
import { meanLoss, skipsActivation } from './losses';
import { multiply } from './multiply';
import { penalty, sumColumns, sumOfSquares, zeroIfFinite } from './reductions';
import { softmax, softmaxGradient } from './softmax';
import { barrier, isFirst, takePiece } from './team';
import { adapt, descend, followSign, roll, scale } from './updates';

// @ts-ignore: decorators are the compiler's own.
@inline
export function operand(instruction: usize, index: i32): i32 {
  return i32.load(instruction + (index << 2));
}

/** Numbers of a piece that begins at `start`, of `count` in all. */
// @ts-ignore: decorators are the compiler's own.
@inline
function lengthFrom(start: i32, count: i32): i32 {
  return min(pieceLength, count - start);
}

/** Where the next piece of `length` begins among `count`, or a number below 0 when none is left. */
// @ts-ignore: decorators are the compiler's own.
@inline
export function takeFrom(count: i32, length: i32): i32 {
  return takePiece((count + length - 1) / length) * length;
}

/** The same for numbers that are treated one by one. */
// @ts-ignore: decorators are the compiler's own.
@inline
function takeNumbers(count: i32): i32 {
  return takeFrom(count, pieceLength);
}

/** destination[i, :] ← source[rows[i], :]. Operands: source, rows, destination, count, columns. */
export function runGather(at: usize): void {
  const source = operand(at, 1);
  const rows = operand(at, 2);
  const destination = operand(at, 3);
  const count = operand(at, 4);
  const bytes = operand(at, 5) << 2;
  const rowsAtOnce = max(1, pieceLength / operand(at, 5));
  for (let first = takeFrom(count, rowsAtOnce); first >= 0; first = takeFrom(count, rowsAtOnce))
    for (let i = first; i < min(count, first + rowsAtOnce); i++)
      memory.copy(destination + i * bytes, <usize>source + <usize>i32.load(rows + (i << 2)) * bytes, bytes);
  barrier();
}

/** preActivation ← input · weightᵀ + bias. Operands: input, weight, bias or 0, preActivation, batch, inputs, outputs. */
export function runDenseForward(at: usize): void {
  const inputs = operand(at, 6);
  const stride = inputs << 2;
  multiply(
    operand(at, 5),
    operand(at, 7),
    inputs,
    operand(at, 1),
    stride,
    4,
    operand(at, 2),
    stride,
    4,
    operand(at, 3),
    operand(at, 4),
  );
}

/** inputGradient ← preActivationGradient · weight. Operands: preActivationGradient, weight, inputGradient, batch, inputs, outputs. */
export function runDenseInputGradient(at: usize): void {
  const inputs = operand(at, 5);
  const outputs = operand(at, 6);
  multiply(
    operand(at, 4),
    inputs,
    outputs,
    operand(at, 1),
    outputs << 2,
    4,
    operand(at, 2),
    4,
    inputs << 2,
    0,
    operand(at, 3),
  );
}

/** weightGradient ← preActivationGradientᵀ · input. Operands: preActivationGradient, input, weightGradient, batch, inputs, outputs. */
export function runDenseWeightGradient(at: usize): void {
  const inputs = operand(at, 5);
  const outputs = operand(at, 6);
  multiply(
    outputs,
    inputs,
    operand(at, 4),
    operand(at, 1),
    4,
    outputs << 2,
    operand(at, 2),
    4,
    inputs << 2,
    0,
    operand(at, 3),
  );
}

/** biasGradient ← Σ over the batch. Operands: preActivationGradient, biasGradient, batch, outputs. */
export function runDenseBiasGradient(at: usize): void {
  const outputs = operand(at, 4);
  for (let column = takeFrom(outputs, 16); column >= 0; column = takeFrom(outputs, 16))
    sumColumns(operand(at, 1), operand(at, 3), outputs, column, operand(at, 2));
  barrier();
}

/** output ← σ(preActivation). Operands: preActivation, output, count, activation. */
export function runActivate(at: usize): void {
  const count = operand(at, 3);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count)) {
    const offset = start << 2;
    activate(operand(at, 4), operand(at, 1) + offset, operand(at, 2) + offset, lengthFrom(start, count) << 2);
  }
  barrier();
}

/** preActivationGradient ← outputGradient ⊙ σ′. Operands: preActivation, output, outputGradient, preActivationGradient, count, activation. */
export function runActivationGradient(at: usize): void {
  const count = operand(at, 5);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count)) {
    const offset = start << 2;
    activationGradient(
      operand(at, 6),
      operand(at, 1) + offset,
      operand(at, 2) + offset,
      operand(at, 3) + offset,
      operand(at, 4) + offset,
      lengthFrom(start, count) << 2,
    );
  }
  barrier();
}

/** Operands: preActivation, output, rows, columns. */
export function runSoftmax(at: usize): void {
  softmax(operand(at, 1), operand(at, 2), operand(at, 3), operand(at, 4));
}

/** Operands: output, outputGradient, preActivationGradient, rows, columns. */
export function runSoftmaxGradient(at: usize): void {
  softmaxGradient(operand(at, 1), operand(at, 2), operand(at, 3), operand(at, 4), operand(at, 5));
}

/**
 * result ← mean loss. Operands: preActivation, output, targets, preActivationGradient, rows, columns, result, loss, activation, whether it is softmax.
 */
export function runLoss(at: usize): void {
  const preActivation = operand(at, 1);
  const output = operand(at, 2);
  const gradient = operand(at, 4);
  const rows = operand(at, 5);
  const columns = operand(at, 6);
  const loss = operand(at, 8);
  f64.store(operand(at, 7), meanLoss(loss, preActivation, output, operand(at, 3), gradient, rows, columns));
  if (skipsActivation(loss)) return;
  if (operand(at, 10) != 0) softmaxGradient(output, gradient, gradient, rows, columns);
  else activationGradient(operand(at, 9), preActivation, output, gradient, gradient, (rows * columns) << 2);
}

/** result ← result + the sum over all pieces, in their order, of what each thread has left in the shared space. */
function addPieces(pieces: i32, result: usize): void {
  barrier();
  if (!isFirst()) return;
  const partial = <usize>i32.load(packedRows);
  let sum = f64.load(result);
  for (let piece = 0; piece < pieces; piece++) sum += f64.load(partial + (piece << 3));
  f64.store(result, sum);
}

/** result ← result + λ₁‖W‖₁ + λ₂‖W‖². Operands: weight, weightGradient or 0, count, result, λ₁, λ₂. */
export function runPenalty(at: usize): void {
  const count = operand(at, 3);
  const gradient = operand(at, 2);
  const l1 = f32.load(at + 20);
  const l2 = f32.load(at + 24);
  const pieces = (count + pieceLength - 1) / pieceLength;
  const partial = <usize>i32.load(packedRows);
  for (let piece = takePiece(pieces); piece >= 0; piece = takePiece(pieces)) {
    const start = piece * pieceLength;
    const offset = start << 2;
    const part = penalty(
      operand(at, 1) + offset,
      lengthFrom(start, count),
      l1,
      l2,
      gradient == 0 ? 0 : gradient + offset,
    );
    f64.store(partial + (piece << 3), part);
  }
  addPieces(pieces, operand(at, 4));
  barrier();
}

/** result ← result + Σ x². Operands: values, count, result. */
export function runSumOfSquares(at: usize): void {
  const count = operand(at, 2);
  const pieces = (count + pieceLength - 1) / pieceLength;
  const partial = <usize>i32.load(packedRows);
  for (let piece = takePiece(pieces); piece >= 0; piece = takePiece(pieces)) {
    const start = piece * pieceLength;
    f64.store(partial + (piece << 3), sumOfSquares(operand(at, 1) + (start << 2), lengthFrom(start, count)));
  }
  addPieces(pieces, operand(at, 3));
  barrier();
}

/** result ← NaN if a number is not finite. Operands: values, count, result. */
export function runCheckFinite(at: usize): void {
  const count = operand(at, 2);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count))
    if (zeroIfFinite(operand(at, 1) + (start << 2), lengthFrom(start, count)) != 0) f64.store(operand(at, 3), NaN);
  barrier();
}

/** scale ← min(1, limit / (√squares + 10⁻⁶)). Operands: squares, scale, limit. */
export function runClipScale(at: usize): void {
  const share = <f64>f32.load(at + 12) / (Math.sqrt(f64.load(operand(at, 1))) + 1e-6);
  f32.store(operand(at, 2), <f32>Math.min(1, share));
}

/** sum ← a + b. Operands: a, b, sum, count. */
export function runAdd(at: usize): void {
  const count = operand(at, 4);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count))
    for (let i = start << 2, end = i + (lengthFrom(start, count) << 2); i < end; i += 16)
      v128.store(operand(at, 3) + i, f32x4.add(v128.load(operand(at, 1) + i), v128.load(operand(at, 2) + i)));
  barrier();
}

/** product ← a ⊙ b. Operands: a, b, product, count. */
export function runMultiply(at: usize): void {
  const count = operand(at, 4);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count))
    for (let i = start << 2, end = i + (lengthFrom(start, count) << 2); i < end; i += 16)
      v128.store(operand(at, 3) + i, f32x4.mul(v128.load(operand(at, 1) + i), v128.load(operand(at, 2) + i)));
  barrier();
}

/** Operands: weight, gradient, first and second slot or 0, coefficients, count, result, pass. */
export function runUpdate(at: usize): void {
  const count = operand(at, 6);
  const c = operand(at, 5);
  for (let start = takeNumbers(count); start >= 0; start = takeNumbers(count)) {
    const offset = start << 2;
    const w = operand(at, 1) + offset;
    const g = operand(at, 2) + offset;
    const s = operand(at, 3) + offset;
    const bytes = lengthFrom(start, count) << 2;
    if (updatePass(operand(at, 8), w, g, s, operand(at, 4) + offset, bytes, c) != 0) f64.store(operand(at, 7), NaN);
  }
  barrier();
}

/** Passes by number; the host has the same list. */
function updatePass(pass: i32, w: usize, g: usize, s: usize, t: usize, bytes: i32, c: usize): f32 {
  switch (pass) {
    case 0:
      return descend(w, g, bytes, c);
    case 1:
      return roll(w, g, s, bytes, c);
    case 2:
      return scale(w, g, s, bytes, c);
    case 3:
      return adapt(w, g, s, t, bytes, c);
    default:
      return followSign(w, g, s, bytes, c);
  }
}

/** result ← 0. Operand: result. */
export function runClear(at: usize): void {
  f64.store(operand(at, 1), 0);
}
