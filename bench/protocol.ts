import type { BenchNetwork } from './networks.ts';

/**
 * Every peer is a process of its own that answers one line of JSON with one number. A `prepare` answers 0 once the network is ready, or −1
 * if the peer cannot train it; a `run` answers the seconds that so many steps took.
 */
export type Request =
  | { readonly do: 'prepare'; readonly network: BenchNetwork; readonly threads: number }
  | { readonly do: 'run'; readonly steps: number };

/** A network that a peer has built; `step` does one whole training step. */
export interface Trainee {
  step(): void | Promise<void>;
  close(): void;
}

/** Builds a network; undefined if it cannot be trained here. */
export type Prepare = (network: BenchNetwork, threads: number) => Trainee | undefined | Promise<Trainee | undefined>;
