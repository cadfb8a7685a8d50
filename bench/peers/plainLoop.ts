/** What one would write by hand: loops over Float32Arrays, on one batch that stays the same. The inner loops run along memory. */
import { drawnRows, targetsOf, type BenchNetwork } from '../networks.ts';
import type { Trainee } from '../protocol.ts';
import { serve } from '../serve.ts';

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs, inputs + 1]; the last column is the bias. */
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** [batch, outputs] */
  readonly output: Float32Array;
  readonly outputGradient: Float32Array;
}

function newLayer(inputs: number, outputs: number, batch: number): Layer {
  const size = outputs * (inputs + 1);
  const limit = Math.sqrt(6 / (inputs + outputs));
  return {
    inputs,
    outputs,
    weight: Float32Array.from({ length: size }, () => (Math.random() * 2 - 1) * limit),
    gradient: new Float32Array(size),
    firstMoment: new Float32Array(size),
    secondMoment: new Float32Array(size),
    output: new Float32Array(batch * outputs),
    outputGradient: new Float32Array(batch * outputs),
  };
}

function forward({ inputs, outputs, weight, output }: Layer, input: Float32Array, batch: number): void {
  for (let n = 0; n < batch; n++)
    for (let j = 0; j < outputs; j++) {
      const row = j * (inputs + 1);
      let sum = weight[row + inputs]!;
      for (let i = 0; i < inputs; i++) sum += weight[row + i]! * input[n * inputs + i]!;
      output[n * outputs + j] = sum;
    }
}

/** Gradients of the weights, and of the input where there is a layer before. */
function backward(layer: Layer, input: Float32Array, inputGradient: Float32Array | undefined, batch: number): void {
  const { inputs, outputs, weight, gradient, outputGradient } = layer;
  gradient.fill(0);
  inputGradient?.fill(0);
  for (let n = 0; n < batch; n++)
    for (let j = 0; j < outputs; j++) {
      const g = outputGradient[n * outputs + j]!;
      const row = j * (inputs + 1);
      for (let i = 0; i < inputs; i++) gradient[row + i]! += g * input[n * inputs + i]!;
      gradient[row + inputs]! += g;
      if (inputGradient) for (let i = 0; i < inputs; i++) inputGradient[n * inputs + i]! += g * weight[row + i]!;
    }
}

function adam({ weight, gradient, firstMoment, secondMoment }: Layer, step: number): void {
  const rate = (0.001 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
  for (let i = 0; i < weight.length; i++) {
    const g = gradient[i]!;
    const m = (firstMoment[i] = 0.9 * firstMoment[i]! + 0.1 * g);
    const v = (secondMoment[i] = 0.999 * secondMoment[i]! + 0.001 * g * g);
    weight[i]! -= (rate * m) / (Math.sqrt(v) + 1e-8);
  }
}

function sgd({ weight, gradient }: Layer): void {
  for (let i = 0; i < weight.length; i++) weight[i]! -= 0.01 * gradient[i]!;
}

/** Turns the last layer's sums into the gradient of the cross-entropy in them. */
function lossGradient({ output, outputGradient, outputs }: Layer, targets: Float64Array, batch: number): void {
  for (let n = 0; n < batch; n++) {
    const row = output.subarray(n * outputs, (n + 1) * outputs);
    const max = Math.max(...row);
    const exponentials = row.map(a => Math.exp(a - max));
    const sum = exponentials.reduce((total, e) => total + e, 0);
    for (let j = 0; j < outputs; j++) {
      const share = outputs === 1 ? 1 / (1 + Math.exp(-row[0]!)) : exponentials[j]! / sum;
      outputGradient[n * outputs + j] = (share - targets[n * outputs + j]!) / batch;
    }
  }
}

function prepare(network: BenchNetwork): Trainee {
  const { widths, batchSize: batch, activation, optimizer } = network;
  const { features, labels } = drawnRows(network);
  const x = Float32Array.from(features.subarray(0, batch * widths[0]!));
  const targets = targetsOf(network, labels);
  const layers = widths.slice(1).map((width, i) => newLayer(widths[i]!, width, batch));
  const activate = activation === 'tanh' ? Math.tanh : (a: number) => (a > 0 ? a : 0);
  const slope = activation === 'tanh' ? (z: number) => 1 - z * z : (z: number) => (z > 0 ? 1 : 0);
  let step = 0;
  return {
    step() {
      step++;
      let input: Float32Array = x;
      layers.forEach((layer, l) => {
        forward(layer, input, batch);
        const { output } = layer;
        if (l < layers.length - 1) for (let i = 0; i < output.length; i++) output[i] = activate(output[i]!);
        input = output;
      });
      lossGradient(layers.at(-1)!, targets, batch);
      for (let l = layers.length - 1; l >= 0; l--) {
        const before = layers[l - 1];
        backward(layers[l]!, before?.output ?? x, before?.outputGradient, batch);
        if (before)
          for (let i = 0; i < before.output.length; i++) before.outputGradient[i]! *= slope(before.output[i]!);
      }
      for (const layer of layers) {
        if (optimizer === 'sgd') sgd(layer);
        else adam(layer, step);
      }
    },
    close: () => undefined,
  };
}

await serve(prepare);
