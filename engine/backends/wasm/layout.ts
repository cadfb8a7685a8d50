/*
 * Where the threads meet in the shared memory: addresses that the host and every kernel know. The compiler's own data lie from 4096 on.
 * The kernels and the host read this file alike, so it holds plain constants only.
 */

/** The tape to run: address of its first instruction, and how many there are. */
export const tapeAddress = 256;
export const tapeLength = 260;
/** Where a multiplication packs its rows, for all threads. */
export const packedRows = 268;
/** The scratch space of thread 0; those of the others follow. */
export const threadScratch = 272;

/** Which run, and how many threads it calls; waiting threads watch it. Each counter has a cache line of its own. */
export const runNumber = 320;
/** 1 when the threads shall end. */
export const endFlag = 324;
/** Threads beside the caller's that are ready to be called. */
export const readyThreads = 332;
/** Threads that sleep until the next run. */
export const runSleepers = 328;
/** Threads that have come to the barrier. */
export const arrived = 384;
/** How often the barrier has opened. */
export const barrierNumber = 448;
/** Threads that sleep at the barrier. */
export const barrierSleepers = 452;
/** 32 zeros to start sums from. */
export const zeros = 576;

/** Where the host's own memory starts. */
export const heapStart = 65536;

/** Most bytes of a packed block of columns, and what a thread has beside it: a tile, and partial sums; last, in a cache line of its own, the pieces taken from its share. */
export const columnBlockBytes = 409600;
export const threadScratchBytes = columnBlockBytes + 4096;
export const piecesTaken = threadScratchBytes - 64;

/** Bytes of one instruction: 16 numbers of 32 bits. */
export const instructionBytes = 64;

/** Numbers that one thread treats at a time where an operation takes them one by one. */
export const pieceLength = 8192;
