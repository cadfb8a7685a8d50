import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { BenchNetwork } from '../networks.ts';

/** Something that trains the same networks. */
export interface Peer {
  readonly title: string;
  /** Seconds for `network.steps` training steps. */
  time(network: BenchNetwork): Promise<number>;
  close(): void;
}

/** PyTorch in a process of its own; undefined where Python has no torch. */
export async function startPyTorch(): Promise<Peer | undefined> {
  const child = spawn('python3', [path.join(import.meta.dirname, 'pytorch.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const missing = new Promise<undefined>(resolve => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const line = await Promise.race([lines.next(), missing]);
    return line === undefined || line.done ? undefined : line.value;
  };
  const ready = await next();
  if (ready === undefined) return undefined;
  return {
    title: `PyTorch ${ready.split(' ')[1] ?? ''}, float32, 1 thread`,
    time: async network => {
      child.stdin.write(`${JSON.stringify(network)}\n`);
      return Number(await next());
    },
    close: () => child.kill(),
  };
}
