/*
 * The kernels' entries. A tape is a list of instructions that the host has written into memory; `run` carries it out, alone or with a team whose
 * other threads are inside `serve`.
 */
import {
  operand,
  runActivate,
  runActivationGradient,
  runAdd,
  runCheckFinite,
  runClear,
  runClipScale,
  runDenseBiasGradient,
  runDenseForward,
  runDenseInputGradient,
  runDenseWeightGradient,
  runGather,
  runLoss,
  runMultiply,
  runPenalty,
  runSoftmax,
  runSoftmaxGradient,
  runSumOfSquares,
  runUpdate,
} from './instructions';
import {
  runBlend,
  runColumnMoments,
  runColumnProducts,
  runNormalizeColumns,
  runNormalizeColumnsGradient,
  runNormalizeRows,
  runNormalizeRowsGradient,
} from './normInstructions';
import { instructionBytes, tapeAddress, tapeLength } from '../layout';
import * as opcodes from '../opcodes';
import { awaitRun, barrier, callTeam, countAlone, isFirst, join, setTeam, teamSize } from './team';
import { rowStep, tileColumns, tileRows, tileStride } from './shape';
import { tile } from './tile';
import { wideTile } from './wideTile';

/** Carries out `length` instructions from `tape` on, with `threads` threads. */
export function run(tape: usize, length: i32, threads: i32): void {
  if (threads == 1) {
    setTeam(1);
    countAlone();
    for (let i = 0; i < length; i++) carryOut(tape + i * instructionBytes);
    return;
  }
  i32.store(tapeAddress, <i32>tape);
  i32.store(tapeLength, length);
  callTeam(threads);
  shareTape();
}

/** The life of another thread: runs every tape that it is called for, until it shall end. */
export function serve(): void {
  for (let last = awaitRun(join()); last >= 0; last = awaitRun(last)) shareTape();
}

/**
 * The tape as every thread of a team walks it. What is too small to share is the first thread's, and the others wait for it only where a shared
 * instruction follows.
 */
function shareTape(): void {
  const tape = <usize>i32.load(tapeAddress);
  const length = i32.load(tapeLength);
  const team = teamSize();
  let behind = false;
  for (let i = 0; i < length; i++) {
    const at = tape + i * instructionBytes;
    if (operand(at, 15) != 0) {
      if (behind) barrier();
      behind = false;
      carryOut(at);
    } else {
      behind = true;
      if (isFirst()) {
        setTeam(1);
        countAlone();
        carryOut(at);
        setTeam(team);
      }
    }
  }
}

function carryOut(at: usize): void {
  switch (operand(at, 0)) {
    case opcodes.gather:
      return runGather(at);
    case opcodes.denseForward:
      return runDenseForward(at);
    case opcodes.denseInputGradient:
      return runDenseInputGradient(at);
    case opcodes.denseWeightGradient:
      return runDenseWeightGradient(at);
    case opcodes.denseBiasGradient:
      return runDenseBiasGradient(at);
    case opcodes.activate:
      return runActivate(at);
    case opcodes.activationGradient:
      return runActivationGradient(at);
    case opcodes.softmax:
      return runSoftmax(at);
    case opcodes.softmaxGradient:
      return runSoftmaxGradient(at);
    case opcodes.loss:
      return runLoss(at);
    case opcodes.penalty:
      return runPenalty(at);
    case opcodes.add:
      return runAdd(at);
    case opcodes.multiply:
      return runMultiply(at);
    case opcodes.checkFinite:
      return runCheckFinite(at);
    case opcodes.sumOfSquares:
      return runSumOfSquares(at);
    case opcodes.clipScale:
      return runClipScale(at);
    case opcodes.update:
      return runUpdate(at);
    case opcodes.clear:
      return runClear(at);
    case opcodes.blend:
      return runBlend(at);
    case opcodes.columnMoments:
      return runColumnMoments(at);
    case opcodes.columnProducts:
      return runColumnProducts(at);
    case opcodes.normalizeColumns:
      return runNormalizeColumns(at);
    case opcodes.normalizeColumnsGradient:
      return runNormalizeColumnsGradient(at);
    case opcodes.normalizeRows:
      return runNormalizeRows(at);
    case opcodes.normalizeRowsGradient:
      return runNormalizeRowsGradient(at);
    default:
      unreachable();
  }
}

/** The limit of this machine: `times` tiles over operands that stay in the first-level cache. Returns how many operations that is. */
export function multiplyInCache(a: usize, depth: i32, times: i32): f64 {
  const b = a + depth * rowStep + 64;
  const c = b + depth * tileStride + 64;
  for (let i = 0; i < times; i++)
    if (tileColumns == 16)
      wideTile(a, a + 4, a + 8, a + 12, a + 16, a + 20, rowStep, b, tileStride, depth, c, tileStride, c, tileStride);
    else tile(a, a + 4, a + 8, a + 12, a + 16, a + 20, rowStep, b, tileStride, depth, c, tileStride, c, tileStride);
  return 2.0 * tileRows * tileColumns * depth * times;
}
