import { setTimeout as pause } from 'node:timers/promises';
import type { BenchNetwork } from './networks.ts';
import { Peer, type PeerDescription } from './peer.ts';

/** How fast one peer trains one network. */
export interface Timing {
  readonly peer: PeerDescription;
  /** The median of the rounds. */
  readonly stepsPerSecond: number;
  /** The best round: what the machine gives when nothing else runs. */
  readonly fastest: number;
  /** (slowest − fastest) / 2 of the rounds, relative to the median. */
  readonly spread: number;
  readonly rounds: number;
}

export interface Effort {
  readonly rounds: number;
  /** Seconds that a peer trains in each round, at least one step. */
  readonly seconds: number;
}

/** Steps after which nothing is chosen anew for a while, and the seconds they may take. */
const settledAfter = 30;
const longestWarmUp = 10;

/** A step slower than this is timed once: waiting for more of them would not change the picture. */
const slowStep = 1;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/**
 * Times the peers on one network, in turn within each round, so that a machine that slows down slows everybody down. Each trains alone: the
 * others wait for their next request. Peers that are not here, or cannot train the network, are left out.
 */
export async function measure(
  network: BenchNetwork,
  descriptions: readonly PeerDescription[],
  { rounds, seconds }: Effort,
): Promise<Timing[]> {
  const runners: { peer: Peer; steps: number; rates: number[]; isSlow: boolean }[] = [];
  for (const description of descriptions) {
    const peer = new Peer(description);
    if (!(await peer.prepare(network))) {
      peer.close();
      continue;
    }
    const first = await peer.run(1);
    // The first steps compile; what counts comes after.
    const second = first < slowStep ? await warmUp(peer, seconds) : first;
    const isSlow = second >= slowStep;
    const steps = Math.max(1, Math.round(seconds / second));
    runners.push({ peer, steps, rates: [], isSlow });
  }
  for (let round = 0; round < rounds; round++)
    for (const runner of runners) {
      if (runner.isSlow && runner.rates.length > 0) continue;
      // Threads of the peer before may still be looking for work.
      await pause(30);
      const took = await runner.peer.run(runner.steps);
      if (took > 0) runner.rates.push(runner.steps / took);
    }
  for (const { peer } of runners) peer.close();
  return runners.map(({ peer, rates }) => {
    const stepsPerSecond = median(rates);
    const spread = (Math.max(...rates) - Math.min(...rates)) / 2 / stepsPerSecond;
    return { peer: peer.description, stepsPerSecond, fastest: Math.max(...rates), spread, rounds: rates.length };
  });
}

/** Trains for about as long as a round, and until peers that choose their threads while they train have chosen. Returns the seconds of a step. */
async function warmUp(peer: Peer, seconds: number): Promise<number> {
  let portion = 1;
  let done = 0;
  let spent = 0;
  let step = 0;
  while (spent < seconds || (done < settledAfter && spent < longestWarmUp)) {
    const took = await peer.run(portion);
    spent += took;
    done += portion;
    step = took / portion;
    portion *= 2;
  }
  return step;
}
