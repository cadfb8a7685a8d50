/** brain.js, which updates after every row, so that one step is one pass over a batch. Its own update rule: gradient descent with momentum. */
import brainjs from 'brain.js';
import { drawnRows, targetsOf, type BenchNetwork } from '../networks.ts';
import type { Trainee } from '../protocol.ts';
import { serve } from '../serve.ts';

function prepare(network: BenchNetwork): Trainee {
  const { widths, batchSize, activation } = network;
  const { features, labels } = drawnRows(network);
  const targets = targetsOf(network, labels);
  const inputs = widths[0] ?? 1;
  const outputs = widths.at(-1) ?? 1;
  const rows = Array.from({ length: batchSize }, (_, row) => ({
    input: Array.from(features.subarray(row * inputs, (row + 1) * inputs)),
    output: Array.from(targets.subarray(row * outputs, (row + 1) * outputs)),
  }));
  const brain = new brainjs.NeuralNetwork({ hiddenLayers: widths.slice(1, -1), activation });
  const pass = { iterations: 1, errorThresh: 1e-9 };
  return {
    step: () => {
      brain.train(rows, pass);
    },
    close: () => undefined,
  };
}

await serve(prepare);
