/**
 * `npm run bench`: training steps per second of our backends and of every peer found here, on the
 * same networks, in turn. It asserts nothing.
 */
import os from 'node:os';
import path from 'node:path';
import { chooseBackend } from '../engine/backends/choose.ts';
import { loadData } from '../engine/data/load.ts';
import { TrainingSession } from '../engine/training/session.ts';
import { modelOf, networks, type BenchNetwork } from './networks.ts';
import { startPyTorch, type Peer } from './peers/pytorch.ts';

const rounds = 7;
const modelPath = path.resolve(import.meta.dirname, '../examples/bench.mlp.json');

/** Our own engine, without files or messages: the session that the trainer drives. */
const reference: Peer = {
  title: 'MLP Studio reference, float64, 1 thread',
  time: async network => {
    const given = { model: modelOf(network), file: modelPath, text: '' };
    const session = new TrainingSession(given, await loadData(given), chooseBackend(given.model.backend).backend);
    const train = (steps: number) => {
      for (let step = 0; step < steps; step++) {
        session.forwardBackward();
        session.update();
      }
    };
    train(3);
    const started = performance.now();
    train(network.steps);
    return (performance.now() - started) / 1000;
  },
  close: () => undefined,
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function measure(peers: readonly Peer[], network: BenchNetwork): Promise<void> {
  const rates = peers.map((): number[] => []);
  // In turn, so that a machine that slows down slows everybody down.
  for (let round = 0; round < rounds; round++)
    for (const [i, peer] of peers.entries()) rates[i]?.push(network.steps / (await peer.time(network)));
  console.log(`\n${network.title}`);
  const ours = median(rates[0] ?? []);
  for (const [i, peer] of peers.entries()) {
    const own = rates[i] ?? [];
    const rate = median(own);
    const spread = (Math.max(...own) - Math.min(...own)) / rate;
    const ratio = i === 0 ? '' : `  ours is ${(ours / rate).toFixed(2)} times as fast`;
    console.log(
      `  ${peer.title.padEnd(42)} ${rate.toFixed(0).padStart(8)} steps/s  ±${(spread * 50).toFixed(0)} %${ratio}`,
    );
  }
}

const pytorch = await startPyTorch();
const peers = [reference, ...(pytorch ? [pytorch] : [])];
console.log(
  `${os.cpus()[0]?.model ?? 'Unknown processor'}, Node ${process.versions.node}; medians of ${rounds} rounds.`,
);
if (!pytorch) console.log('PyTorch is not here (python3 -c "import torch" fails), so only our own figures follow.');
for (const network of networks) await measure(peers, network);
for (const peer of peers) peer.close();
