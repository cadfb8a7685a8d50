/*
 * The threads of one run. All of them walk the same tape. An instruction with enough work is cut into pieces, by its shape alone, and each thread takes
 * the next piece until none is left; so who computes a piece, and how many threads there are, changes no result.
 */
import {
  arrived,
  barrierNumber,
  barrierSleepers,
  endFlag,
  piecesTaken,
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
/** How many shares of the instruction at hand this thread has seen come to their end. */
let helped: i32 = 0;
/** Pieces that this thread has taken while it works alone. */
let takenAlone: i32 = 0;

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
  return scratchOf(thread);
}

// @ts-ignore: decorators are the compiler's own.
@inline
function scratchOf(owner: i32): usize {
  return <usize>i32.load(threadScratch) + owner * threadScratchBytes;
}

/**
 * The next of so many pieces of the instruction at hand, or -1 when none is left. Each thread begins with a share of its own, the same one wherever
 * pieces are as many, so that what it has written last is still in its cache; then it helps the others.
 */
export function takePiece(pieces: i32): i32 {
  if (team == 1) {
    const piece = takenAlone++;
    return piece < pieces ? piece : -1;
  }
  for (; helped < team; helped++) {
    let owner = thread + helped;
    if (owner >= team) owner -= team;
    const piece = (owner * pieces) / team + atomic.add<i32>(scratchOf(owner) + piecesTaken, 1);
    if (piece < ((owner + 1) * pieces) / team) return piece;
  }
  return -1;
}

/** Lets this thread, which works alone for now, count pieces from 0 again. */
export function countAlone(): void {
  takenAlone = 0;
}

/** Makes all shares whole again. */
function renewShares(): void {
  for (let owner = 0; owner < team; owner++) atomic.store<i32>(scratchOf(owner) + piecesTaken, 0);
}

/** Waits for all threads; afterwards pieces count from 0 again. */
export function barrier(): void {
  if (team == 1) {
    takenAlone = 0;
    return;
  }
  helped = 0;
  const number = atomic.load<i32>(barrierNumber);
  if (atomic.add<i32>(arrived, 1) == team - 1) {
    atomic.store<i32>(arrived, 0);
    renewShares();
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
  renewShares();
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
