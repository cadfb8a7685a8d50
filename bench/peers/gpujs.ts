/**
 * gpu.js, one kernel an operation, on one batch that stays the same. Argument: its mode, `cpu` or `webasm`. Numbers stay in the kernels'
 * own textures or arrays between operations.
 */
import { GPU, Input, type IKernelRunShortcut, type KernelOutput } from 'gpu.js';
import { drawnRows, targetsOf, type BenchNetwork } from '../networks.ts';
import type { Trainee } from '../protocol.ts';
import { serve } from '../serve.ts';

const sources = {
  copy: 'function (a) { return a[this.thread.y][this.thread.x]; }',
  forward: `function (x, w) {
    let sum = w[this.constants.inputs][this.thread.x];
    for (let i = 0; i < this.constants.inputs; i++) sum += x[this.thread.y][i] * w[i][this.thread.x];
    return sum;
  }`,
  relu: 'function (a) { return Math.max(0, a[this.thread.y][this.thread.x]); }',
  tanh: 'function (a) { return Math.tanh(Math.max(-15, Math.min(15, a[this.thread.y][this.thread.x]))); }',
  lossGradient: `function (a, y) {
    let sum = 0;
    for (let k = 0; k < this.constants.outputs; k++) sum += Math.exp(a[this.thread.y][k]);
    const share = Math.exp(a[this.thread.y][this.thread.x]) / sum;
    return (share - y[this.thread.y][this.thread.x]) / this.constants.batch;
  }`,
  reluGradient: `function (g, w, z) {
    let sum = 0;
    for (let j = 0; j < this.constants.outputs; j++) sum += g[this.thread.y][j] * w[this.thread.x][j];
    return z[this.thread.y][this.thread.x] > 0 ? sum : 0;
  }`,
  tanhGradient: `function (g, w, z) {
    let sum = 0;
    for (let j = 0; j < this.constants.outputs; j++) sum += g[this.thread.y][j] * w[this.thread.x][j];
    const value = z[this.thread.y][this.thread.x];
    return sum * (1 - value * value);
  }`,
  weightGradient: `function (x, g) {
    let sum = 0;
    for (let n = 0; n < this.constants.batch; n++) {
      sum += (this.thread.y < this.constants.inputs ? x[n][this.thread.y] : 1) * g[n][this.thread.x];
    }
    return sum;
  }`,
  firstMoment:
    'function (m, g) { return 0.9 * m[this.thread.y][this.thread.x] + 0.1 * g[this.thread.y][this.thread.x]; }',
  secondMoment: `function (v, g) {
    const q = g[this.thread.y][this.thread.x];
    return 0.999 * v[this.thread.y][this.thread.x] + 0.001 * q * q;
  }`,
  adam: `function (w, m, v, rate) {
    return w[this.thread.y][this.thread.x]
      - rate * m[this.thread.y][this.thread.x] / (Math.sqrt(v[this.thread.y][this.thread.x]) + 1e-8);
  }`,
  sgd: 'function (w, g, rate) { return w[this.thread.y][this.thread.x] - rate * g[this.thread.y][this.thread.x]; }',
} as const;

const mode = process.argv[2] === 'webasm' ? 'webasm' : 'cpu';

function prepare(network: BenchNetwork): Trainee {
  const { widths, batchSize: batch, activation, optimizer } = network;
  const gpu = new GPU({ mode });
  const kernel = (name: keyof typeof sources, output: number[], constants: Record<string, number> = {}) =>
    gpu.createKernel(sources[name], {
      output,
      constants,
      pipeline: true,
      immutable: true,
      precision: 'single',
    });
  const upload = (values: Float32Array, width: number, height: number) =>
    kernel('copy', [width, height])(new Input(Array.from(values), [width, height]));

  const { features, labels } = drawnRows(network);
  const inputs = widths[0] ?? 1;
  const outputs = widths.at(-1) ?? 1;
  const x = upload(Float32Array.from(features.subarray(0, batch * inputs)), inputs, batch);
  const targets = targetsOf(network, labels).subarray(0, batch * outputs);
  const y = upload(Float32Array.from(targets), outputs, batch);
  const layers = widths.slice(1).map((width, i) => {
    const before = widths[i] ?? 1;
    const size: [number, number] = [width, before + 1];
    const limit = Math.sqrt(6 / (before + width));
    const numbers = (draw: () => number) => upload(Float32Array.from({ length: width * (before + 1) }, draw), ...size);
    return {
      forward: kernel('forward', [width, batch], { inputs: before }),
      activate: kernel(activation, [width, batch]),
      inputGradient: kernel(`${activation}Gradient`, [before, batch], { outputs: width }),
      weightGradient: kernel('weightGradient', size, { inputs: before, batch }),
      moments: [kernel('firstMoment', size), kernel('secondMoment', size)] as const,
      update: kernel(optimizer, size),
      weight: numbers(() => (Math.random() * 2 - 1) * limit),
      m: numbers(() => 0),
      v: numbers(() => 0),
    };
  });
  const lossGradient = kernel('lossGradient', [outputs, batch], { outputs, batch });
  let step = 0;
  return {
    step() {
      step++;
      const values: KernelOutput[] = [x];
      layers.forEach(({ forward, activate, weight }, i) => {
        const sum = forward(values.at(-1), weight);
        values.push(i === layers.length - 1 ? sum : replaced(activate, sum));
      });
      let gradient = replaced(lossGradient, values.at(-1), y);
      for (let i = layers.length - 1; i >= 0; i--) {
        const layer = layers[i]!;
        const weightGradient = layer.weightGradient(values[i], gradient);
        const before = i > 0 ? layer.inputGradient(gradient, layer.weight, values[i]) : undefined;
        move(layer, weightGradient, optimizer, step);
        release(weightGradient, gradient);
        if (i > 0) release(values[i]);
        if (before !== undefined) gradient = before;
      }
    },
    close: () => void gpu.destroy(),
  };
}

interface Movable {
  readonly moments: readonly [IKernelRunShortcut, IKernelRunShortcut];
  readonly update: IKernelRunShortcut;
  weight: KernelOutput;
  m: KernelOutput;
  v: KernelOutput;
}

function move(layer: Movable, gradient: KernelOutput, optimizer: BenchNetwork['optimizer'], step: number): void {
  const { weight, m, v } = layer;
  if (optimizer === 'sgd') layer.weight = layer.update(weight, gradient, 0.01);
  else {
    layer.m = layer.moments[0](m, gradient);
    layer.v = layer.moments[1](v, gradient);
    layer.weight = layer.update(weight, layer.m, layer.v, (0.001 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step));
    release(m, v);
  }
  release(weight);
}

/** The kernel's result; its first argument is no longer needed. */
function replaced(kernel: IKernelRunShortcut, value: KernelOutput, ...more: KernelOutput[]): KernelOutput {
  const result = kernel(value, ...more);
  release(value);
  return result;
}

function release(...values: readonly KernelOutput[]): void {
  for (const value of values)
    if (typeof value === 'object' && 'delete' in value && typeof value.delete === 'function') value.delete();
}

await serve(prepare);
