/*
 * The threads of one run. All of them walk the same tape. An instruction with enough work is cut into pieces, by its shape alone, and each thread takes
 * the next piece until none is left; so who computes a piece, and how many threads there are, changes no result.
 */
import {
  arrived,
  barrierNumber,
  barrierSleepers,
  endFlag,
  nextPiece,
  readyThreads,
  runNumber,
  runSleepers,
  threadScratch,
  threadScratchBytes,
} from '../layout';

/**
 * How often a waiting thread looks before it sleeps: about a millisecond. A thread that sleeps in every step is woken onto the core of the one that wakes it,
 * and there they take turns.
 */
const patience: i32 = 1_000_000;

/** Bits of a run's number that hold the size of its team. */
const teamBits: i32 = 8;

/** This thread, from 0, which is the caller's. */
let thread: i32 = 0;
/** Threads that share the instruction at hand. */
let team: i32 = 1;

export function isFirst(): bool {
  return thread == 0;
}

export function teamSize(): i32 {
  return team;
}

export function setTeam(size: i32): void {
  team = size;
}

/** This thread's own space. */
export function scratch(): usize {
  return <usize>i32.load(threadScratch) + thread * threadScratchBytes;
}

/** The next piece of the instruction at hand. */
export function takePiece(): i32 {
  if (team > 1) return atomic.add<i32>(nextPiece, 1);
  const piece = i32.load(nextPiece);
  i32.store(nextPiece, piece + 1);
  return piece;
}

/** Waits for all threads; afterwards pieces count from 0 again. */
export function barrier(): void {
  if (team == 1) {
    i32.store(nextPiece, 0);
    return;
  }
  const number = atomic.load<i32>(barrierNumber);
  if (atomic.add<i32>(arrived, 1) == team - 1) {
    atomic.store<i32>(arrived, 0);
    atomic.store<i32>(nextPiece, 0);
    atomic.add<i32>(barrierNumber, 1);
    if (atomic.load<i32>(barrierSleepers) > 0) atomic.notify(barrierNumber, -1);
    return;
  }
  awaitChange(barrierNumber, barrierSleepers, number);
}

/** Tells the first `size` threads that there is a tape to run. */
export function callTeam(size: i32): void {
  team = size;
  atomic.store<i32>(arrived, 0);
  atomic.store<i32>(nextPiece, 0);
  // One number says which run and for whom, so that a thread that comes late cannot take one run's size for another's.
  atomic.store<i32>(runNumber, (((i32.load(runNumber) >> teamBits) + 1) << teamBits) | size);
  if (atomic.load<i32>(runSleepers) > 0) atomic.notify(runNumber, -1);
}

/** Joins as the next thread. Returns the run that it has missed. */
export function join(): i32 {
  const missed = atomic.load<i32>(runNumber);
  thread = atomic.add<i32>(readyThreads, 1) + 1;
  return missed;
}

/** Waits for a run after `last` that this thread is called for. Returns it, or -1 when the thread shall end. */
export function awaitRun(last: i32): i32 {
  do {
    awaitChange(runNumber, runSleepers, last);
    if (atomic.load<i32>(endFlag) != 0) return -1;
    last = atomic.load<i32>(runNumber);
    team = last & ((1 << teamBits) - 1);
  } while (thread >= team);
  return last;
}

/** Spins, then sleeps, until the number at `address` is no longer `value`. */
function awaitChange(address: usize, sleepers: usize, value: i32): void {
  for (let look = 0; look < patience; look++) if (atomic.load<i32>(address) != value) return;
  atomic.add<i32>(sleepers, 1);
  while (atomic.load<i32>(address) == value) atomic.wait<i32>(address, value, -1);
  atomic.sub<i32>(sleepers, 1);
}
