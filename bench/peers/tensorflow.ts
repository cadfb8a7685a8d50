/** TensorFlow.js, on one batch that stays the same. Arguments: `wasm` or `cpu`, and the folder of its binaries. */
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { drawnRows, targetsOf, type BenchNetwork } from '../networks.ts';
import type { Trainee } from '../protocol.ts';
import { serve } from '../serve.ts';

const [backend = 'cpu', binaries = ''] = process.argv.slice(2);
setWasmPaths(binaries);
await tf.setBackend(backend);
await tf.ready();

function prepare(network: BenchNetwork): Trainee {
  const { widths, batchSize, activation, optimizer: optimizerName } = network;
  const { features, labels } = drawnRows(network);
  const inputs = widths[0] ?? 1;
  const outputs = widths.at(-1) ?? 1;
  const x = tf.tensor2d(Float32Array.from(features.subarray(0, batchSize * inputs)), [batchSize, inputs]);
  const targets = targetsOf(network, labels).subarray(0, batchSize * outputs);
  const y = tf.tensor2d(Float32Array.from(targets), [batchSize, outputs]);
  const layers = widths.slice(1).map((width, i) => {
    const before = widths[i] ?? 1;
    const limit = Math.sqrt(6 / (before + width));
    return {
      weight: tf.variable(tf.randomUniform([before, width], -limit, limit)),
      bias: tf.variable(tf.zeros([width])),
    };
  });
  const optimizer = optimizerName === 'sgd' ? tf.train.sgd(0.01) : tf.train.adam(0.001);
  const logits = () =>
    layers.reduce<tf.Tensor>((value, { weight, bias }, i) => {
      const sum = tf.add(tf.matMul(value, weight), bias);
      if (i === layers.length - 1) return sum;
      return activation === 'tanh' ? tf.tanh(sum) : tf.relu(sum);
    }, x);
  const loss = () => {
    const a = logits();
    return outputs === 1
      ? tf.losses.sigmoidCrossEntropy<tf.Tensor, tf.Scalar>(y, a)
      : tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(y, a);
  };
  return {
    step: () => {
      optimizer.minimize(loss);
    },
    close: () => {
      optimizer.dispose();
      for (const { weight, bias } of layers) tf.dispose([weight, bias]);
      tf.dispose([x, y]);
    },
  };
}

await serve(prepare);
