import type { Timing } from './measure.ts';
import { operationsOf, type BenchNetwork } from './networks.ts';

/** All timings of one network. */
export interface NetworkResult {
  readonly network: BenchNetwork;
  readonly timings: readonly Timing[];
}

export interface BenchResult {
  readonly machine: string;
  readonly date: string;
  /** GFLOP/s of one core at most. */
  readonly limit: number;
  readonly networks: readonly NetworkResult[];
  readonly curves: Readonly<Record<string, readonly NetworkResult[]>>;
}

/** Operations of the multiplications alone, in GFLOP/s, in the best round. */
const gigaflops = (network: BenchNetwork, { fastest }: Timing): number => (operationsOf(network) * fastest) / 1e9;

const time = (seconds: number) => {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 2 : 0)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
};

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');

/** Ours with as many threads, to compare a peer with; with one thread where the peer takes none of its own. */
const equalOf = (timings: readonly Timing[], { peer }: Timing): Timing | undefined =>
  timings.find(other => other.peer.file === timings[0]?.peer.file && other.peer.threads === peer.threads);

const ratio = (ours: number, theirs: number) => `${(ours / theirs).toFixed(ours / theirs < 10 ? 2 : 0)} ×`;

/** The peers of one network, ours first. */
export function networkTable({ network, timings }: NetworkResult, limit: number): string {
  const rows = timings.map(timing => {
    const ours = equalOf(timings, timing);
    const rate = gigaflops(network, timing);
    const isPeer = ours && ours !== timing;
    return [
      timing.peer.title,
      time(1 / timing.stepsPerSecond),
      timing.rounds > 1 ? `±${(timing.spread * 100).toFixed(0)} %` : 'one round',
      time(1 / timing.fastest),
      rate.toFixed(rate < 10 ? 2 : 1),
      `${((rate / limit / timing.peer.threads) * 100).toFixed(rate < 1 ? 1 : 0)} %`,
      isPeer ? ratio(ours.stepsPerSecond, timing.stepsPerSecond) : '',
      isPeer ? ratio(ours.fastest, timing.fastest) : '',
    ];
  });
  const header = ['', 'a step', 'spread', 'best round', 'GFLOP/s', 'of the limit', 'ours is', 'ours is, best rounds'];
  return `### ${network.title}\n\n${table(header, rows)}`;
}

/** How a step's cost grows. */
export function curveTable(name: string, results: readonly NetworkResult[]): string {
  const rows = results.map(({ network, timings }) => [
    network.title,
    ...timings.flatMap(timing => [time(1 / timing.fastest), gigaflops(network, timing).toFixed(1)]),
  ]);
  const titles = (results[0]?.timings ?? []).flatMap(({ peer }) => [peer.title, 'GFLOP/s']);
  return `### Growing ${name}\n\n${table(['network', ...titles], rows)}`;
}

export function markdown({ machine, date, limit, networks, curves }: BenchResult): string {
  return [
    `${machine}; ${date}. The limit of one core in WebAssembly is ${limit.toFixed(1)} GFLOP/s.`,
    ...networks.map(result => networkTable(result, limit)),
    ...Object.entries(curves).map(([name, results]) => curveTable(name, results)),
  ].join('\n\n');
}
