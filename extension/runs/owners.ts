import { readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownerSchema, type Owner } from '../../engine/protocol/experiment.ts';

/** Milliseconds without a heartbeat after which an owner on another machine counts as gone. */
const silenceLimit = 10_000;

/** This very process. */
export const thisProcess = (): Owner => ({ pid: process.pid, host: os.hostname() });

/** Whether a process is still there. One of another machine is told by the time of its last sign, in milliseconds since 1970. */
export async function isAlive({ pid, host }: Owner, lastSign: () => Promise<number>): Promise<boolean> {
  if (host !== os.hostname()) return Date.now() - (await lastSign()) < silenceLimit;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Who is at work in the folder of a run, if somebody is. */
export async function ownerOf(folder: string): Promise<Owner | undefined> {
  const file = path.join(folder, 'owner.lock');
  try {
    const owner = ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return (await isAlive(owner, async () => (await stat(file)).mtimeMs)) ? owner : undefined;
  } catch {
    // No owner, or one that died while it wrote its name.
    return undefined;
  }
}
