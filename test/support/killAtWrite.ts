/** Loaded before a program: ends it as `kill -9` does at the n-th call that changes something on disk, n from KILL_AT_WRITE. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const last = Number(process.env['KILL_AT_WRITE']);
let calls = 0;

for (const name of [
  'openSync',
  'writeSync',
  'fsyncSync',
  'renameSync',
  'closeSync',
  'mkdirSync',
  'rmSync',
  'ftruncateSync',
] as const) {
  const original = fs[name] as (...args: unknown[]) => unknown;
  const counted = (...args: unknown[]): unknown => {
    calls++;
    if (calls !== last) return original(...args);
    const [descriptor, bytes] = args;
    // A write that is cut off has written a part.
    if (name === 'writeSync' && bytes instanceof Uint8Array) original(descriptor, bytes.subarray(0, bytes.length >> 1));
    process.kill(process.pid, 'SIGKILL');
    // The signal needs a moment; nothing may happen in it.
    for (;;);
  };
  Object.assign(fs, { [name]: counted });
}
syncBuiltinESMExports();
