import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { nodeBundle } from '../scripts/lib/nodeBundle.mjs';
import { root } from '../scripts/lib/paths.mjs';
import type { BenchNetwork } from './networks.ts';
import type { Request } from './protocol.ts';

/** Something that trains the networks, in a process of its own. */
export interface PeerDescription {
  readonly title: string;
  readonly threads: number;
  /** The file to run: a TypeScript module for this Node, a Python script for python3. */
  readonly file: string;
  readonly arguments?: readonly string[];
}

const bundleOf = (file: string) => path.join(root, '.cache/bench', `${path.basename(file, '.ts')}.mjs`);

/** For a peer whose packages Node cannot load as they are: their modules leave out the extensions of files. */
export function bundlePeer(file: string): void {
  buildSync({
    ...nodeBundle,
    absWorkingDir: root,
    entryPoints: [path.join('bench/peers', file)],
    outfile: bundleOf(file),
    logLevel: 'error',
  });
}

/** The parent's side of the protocol. */
export class Peer {
  readonly description: PeerDescription;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #gone: Promise<undefined>;

  constructor(description: PeerDescription) {
    this.description = description;
    const source = path.join(import.meta.dirname, 'peers', description.file);
    const file = existsSync(bundleOf(description.file)) ? bundleOf(description.file) : source;
    const program = file.endsWith('.py') ? 'python3' : process.execPath;
    this.#child = spawn(program, [file, ...(description.arguments ?? [])], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#gone = new Promise(resolve => {
      this.#child.once('error', () => resolve(undefined));
      this.#child.once('exit', () => resolve(undefined));
    });
    if (!this.#child.stdout) throw new Error('The peer has no output.');
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Builds the network; false if the peer is not here or cannot train it. */
  async prepare(network: BenchNetwork): Promise<boolean> {
    return (await this.#ask({ do: 'prepare', network, threads: this.description.threads })) === 0;
  }

  /** Seconds that so many steps take; NaN if the peer is gone. */
  run(steps: number): Promise<number> {
    return this.#ask({ do: 'run', steps });
  }

  close(): void {
    this.#child.kill();
  }

  async #ask(request: Request): Promise<number> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`, () => undefined);
    const line = await Promise.race([this.#lines.next(), this.#gone]);
    return line === undefined || line.done ? NaN : Number(line.value);
  }
}
