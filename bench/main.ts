/**
 * `npm run bench`: training steps per second of our engine and of every peer found here, on the same networks, in turn, and how ours
 * grow with batch, width and depth. It asserts nothing.
 *
 *     --json        one JSON object instead of a Markdown table
 *     --quick       fewer and shorter rounds
 *     --ours        without peers
 *     --network N   only the networks whose title contains N
 */
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildKernels } from '../scripts/lib/kernels.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { measureLimit } from './limit.ts';
import { measure, median, type Effort } from './measure.ts';
import { curves, networks } from './networks.ts';
import { bundlePeer, type PeerDescription } from './peer.ts';
import { markdown, networkTable, type NetworkResult } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    ours: { type: 'boolean' },
    network: { type: 'string' },
  },
});

const ours: readonly PeerDescription[] = [
  { title: 'MLP Studio, 1 thread', threads: 1, file: 'ours.ts', arguments: ['wasm'] },
  { title: 'MLP Studio, 2 threads', threads: 2, file: 'ours.ts', arguments: ['wasm'] },
];

const tensorflowBinaries = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/');

const peers: readonly PeerDescription[] = [
  { title: 'PyTorch, 1 thread', threads: 1, file: 'pytorch.py' },
  { title: 'PyTorch, 2 threads', threads: 2, file: 'pytorch.py' },
  { title: 'TensorFlow.js wasm', threads: 1, file: 'tensorflow.ts', arguments: ['wasm', tensorflowBinaries] },
  { title: 'TensorFlow.js cpu', threads: 1, file: 'tensorflow.ts', arguments: ['cpu', tensorflowBinaries] },
  { title: 'plain loops', threads: 1, file: 'plainLoop.ts' },
  { title: 'gpu.js webasm', threads: 1, file: 'gpujs.ts', arguments: ['webasm'] },
  { title: 'gpu.js cpu', threads: 1, file: 'gpujs.ts', arguments: ['cpu'] },
  { title: 'brain.js', threads: 1, file: 'brain.ts' },
  { title: 'MLP Studio reference, float64', threads: 1, file: 'ours.ts', arguments: ['reference'] },
];

const effort: Effort = values.quick ? { rounds: 3, seconds: 0.1 } : { rounds: 7, seconds: 0.4 };
/** Progress, which is no part of the result. */
const say = (text: string) => process.stderr.write(`${text}\n`);

await buildKernels();
bundlePeer('tensorflow.ts');
const limits = [measureLimit()];
const results: NetworkResult[] = [];
for (const network of networks) {
  if (!network.title.includes(values.network ?? '')) continue;
  say(network.title);
  const timings = await measure(network, values.ours ? ours : [...ours, ...peers], effort);
  results.push({ network, timings });
  limits.push(measureLimit());
  say(networkTable({ network, timings }, median(limits)));
}
const grown: Record<string, NetworkResult[]> = {};
if (values.network === undefined)
  for (const [name, members] of Object.entries(curves)) {
    say(`growing ${name}`);
    grown[name] = [];
    for (const network of members)
      grown[name].push({ network, timings: await measure(network, ours, { ...effort, rounds: 3 }) });
  }

const result = {
  machine: `${os.cpus()[0]?.model ?? 'Unknown processor'}, ${os.availableParallelism()} cores, Node ${process.versions.node}`,
  date: new Date().toISOString().slice(0, 10),
  limit: median(limits),
  networks: results,
  curves: grown,
};
process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : markdown(result)}\n`);
