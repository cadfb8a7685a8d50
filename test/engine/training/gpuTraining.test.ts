import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeviceKernel } from '../../../engine/backends/gpu/device.ts';
import { GpuBackend } from '../../../engine/backends/gpu/gpuBackend.ts';
import { WasmBackend } from '../../../engine/backends/wasm/wasm.ts';
import { loadData } from '../../../engine/data/load.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import { DeviceSession } from '../../../engine/training/deviceSession.ts';
import { GradientSampler } from '../../../engine/training/gradientSampler.ts';
import { leastOnDevice } from '../../../engine/training/leastOnDevice.ts';
import { requireModel } from '../../../engine/training/readModelFile.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import { openedDawn } from '../../support/dawn.ts';

const { device, missing } = await openedDawn();
afterAll(() => device?.close());

/** The GPU devices that gpu.js was given, and the buffers that live on them. */
const given: GPUDevice[] = [];
const live = { buffers: 0 };

/** Counts what is made and destroyed on every device from now on. */
function watch(): void {
  const { gpu } = navigator;
  const requestAdapter = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async options => {
    const adapter = await requestAdapter(options);
    const requestDevice = adapter?.requestDevice.bind(adapter);
    if (adapter && requestDevice)
      adapter.requestDevice = async descriptor => {
        const made = await requestDevice(descriptor);
        given.push(made);
        const createBuffer = made.createBuffer.bind(made);
        made.createBuffer = (...args) => {
          const buffer = createBuffer(...args);
          live.buffers++;
          const destroy = buffer.destroy.bind(buffer);
          buffer.destroy = () => {
            live.buffers--;
            destroy();
          };
          return buffer;
        };
        return made;
      };
    return adapter;
  };
}

const adam = { type: 'adam', learningRate: 0.01 };
const sourceOf = (change: object, layers: readonly object[]) => {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 60 }, split: { validation: 0.2 } },
    layers: [...layers, { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' }],
    loss: 'binaryCrossEntropy',
    optimizer: adam,
    ...change,
  });
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  return { model, file: 'drawn.mlp.json', text };
};

/** A session of the host and the same one on the device. */
async function twins(layers: readonly object[], batchSize: number, optimizer: object = adam) {
  const source = sourceOf({ training: { batchSize, sampling: 'sequential' }, optimizer }, layers);
  const data = await loadData(source);
  const session = new TrainingSession(source, data, new WasmBackend(1));
  const { device: own } = await openedDawn();
  const backend = new GpuBackend(own!);
  const sizes = { capacity: session.network.capacity, largestBatch: session.plan.largest };
  const onDevice = new DeviceSession(backend, source.model, data, sizes);
  await onDevice.load(session.save());
  return { session, onDevice, data, source };
}

const steps = (session: TrainingSession, count: number) => Array.from({ length: count }, () => session.draw());

describe.skipIf(!device)(`training through gpu.js${missing}`, () => {
  beforeAll(watch);

  it('keeps memory flat over 5,000 steps: no buffer is left behind, and the heap does not grow', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { session, onDevice } = await twins([{ id: 'hidden', type: 'dense', units: 3, activation: 'tanh' }], 16);
    const heap = async (count: number) => {
      for (let done = 0; done < count; done += onDevice.window) await onDevice.run(steps(session, onDevice.window));
      await onDevice.save();
      collect();
      return { bytes: process.memoryUsage().heapUsed, buffers: live.buffers };
    };
    const early = await heap(1000);
    const late = await heap(4000);
    expect(early.buffers).toBeGreaterThan(0);
    expect(late.buffers).toBe(early.buffers);
    expect(late.bytes - early.bytes).toBeLessThan(2_000_000);
    onDevice.close();
  }, 120_000);

  it('summarizes gradients where they are, as the CPU does at home', async () => {
    const layers = [
      { id: 'hidden', type: 'dense', units: 40, activation: 'relu' },
      { id: 'deep', type: 'dense', units: 9, activation: 'tanh' },
    ];
    const { session, onDevice } = await twins(layers, 12);
    const wishes = { histograms: true, matrices: ['deep'] };
    const sampler = new GradientSampler(session.network, { histograms: true });
    for (const step of steps(session, 3)) {
      const { layers: found, fault } = await onDevice.probe(step, wishes);
      sampler.beforeUpdate();
      session.redo(step);
      const expected = sampler.sample(step.rows.length, wishes);
      expect(fault).toBeUndefined();
      expect(found.map(({ layerId }) => layerId)).toEqual(['hidden', 'deep', 'output']);
      for (const [i, layer] of found.entries()) {
        const right = expected[i]!;
        for (const name of ['weightGradientNorm', 'biasGradientNorm', 'weightNorm', 'updateRatio'] as const)
          expect(layer[name] / right[name], `${layer.layerId} ${name}`).toBeCloseTo(1, 3);
        expect([layer.deadShare, layer.saturatedShare]).toEqual([
          right.deadShare && (expect.closeTo(right.deadShare, 6) as number),
          right.saturatedShare && (expect.closeTo(right.saturatedShare, 6) as number),
        ]);
        for (const name of ['weights', 'weightGradients', 'activations'] as const) {
          const [counted, { counts, min, max }] = [layer.histograms?.[name].counts ?? [], right.histograms![name]];
          expect(counted.reduce((a, b) => a + b)).toBe(counts.reduce((a, b) => a + b));
          expect(layer.histograms?.[name].min).toBeCloseTo(min, 4);
          expect(layer.histograms?.[name].max).toBeCloseTo(max, 4);
          // A number on the edge of a bin may fall on either side.
          const moved = counts.map((count, bin) => Math.abs(count - (counted[bin] ?? NaN))).reduce((a, b) => a + b);
          expect(moved).toBeLessThanOrEqual(4);
        }
      }
      expect(found[1]?.matrices?.weightGradient.values[8]).toEqual(
        expected[1]?.matrices?.weightGradient.values[8]?.map(value => expect.closeTo(value, 4) as number),
      );
      expect(found[0]).not.toHaveProperty('matrices');
    }
    onDevice.close();
  });

  it('is told of at least as many kernels a step as `auto` reckons with', async () => {
    const ran = vi.spyOn(DeviceKernel.prototype, 'run');
    try {
      for (const depth of [0, 1, 3]) {
        const hidden = Array.from({ length: depth }, (_, i) => ({ id: `h${String(i)}`, type: 'dense', units: 2 }));
        const { session, onDevice, source } = await twins(hidden, 4, { type: 'sgd', learningRate: 0.01 });
        await onDevice.run(steps(session, 1));
        ran.mockClear();
        await onDevice.run(steps(session, 1));
        const { kernels } = leastOnDevice(source.model);
        expect(kernels).toBeGreaterThan(8 * depth);
        expect(ran.mock.calls.length).toBeGreaterThanOrEqual(kernels);
        onDevice.close();
      }
    } finally {
      ran.mockRestore();
    }
  });

  it('trains networks of other shapes one after the other as the CPU does', async () => {
    for (const [units, batchSize] of [
      [9, 7],
      [2, 20],
      [31, 48],
    ] as const) {
      const { session, onDevice, data } = await twins(
        [{ id: 'hidden', type: 'dense', units, activation: 'relu' }],
        batchSize,
      );
      const drawn = steps(session, 9);
      const results = await onDevice.run(drawn);
      drawn.forEach((step, i) => expect(results[i]?.loss).toBeCloseTo(session.redo(step).loss, 5));
      const { loss, output } = await onDevice.evaluate(data.split.validation);
      expect(output.rows).toBe(data.split.validation.length);
      expect(loss).toBeCloseTo(session.evaluate(data.split.validation)?.loss ?? NaN, 5);
      onDevice.close();
    }
  });

  it('a device that dies while it computes is opened once more, and the training ends as it would have', async () => {
    const hidden = [{ id: 'hidden', type: 'dense', units: 8, activation: 'tanh' }];
    const source = sourceOf({ backend: 'gpu', training: { epochs: 30, batchSize: 16 } }, hidden);
    const train = async (onEpoch: (epoch: number) => void) => {
      const events: TrainingEvent[] = [];
      const trainer = await Trainer.create({
        source,
        emit: event => {
          events.push(event);
          if (event.event === 'metrics') onEpoch(event.epoch);
        },
        wantsGradients: () => false,
      });
      const { metrics } = await trainer.run();
      return { metrics, warnings: events.flatMap(event => (event.event === 'warning' ? [event.message] : [])) };
    };
    const unbroken = await train(() => undefined);
    const broken = await train(epoch => {
      if (epoch === 10) given.at(-1)?.destroy();
    });
    expect(broken.metrics).toEqual(unbroken.metrics);
    expect(broken.warnings).toContainEqual(expect.stringContaining('It was opened again'));
  });

  it.each(['two-moons', 'digits'])('%s reaches the accuracy of the CPU within 0.01', async name => {
    const file = path.join(import.meta.dirname, `../../../examples/${name}.mlp.json`);
    const accuracy = async (backend: string) => {
      const json = JSON.parse(readFileSync(file, 'utf8')) as { training: object };
      const text = JSON.stringify({ ...json, backend, training: { ...json.training, epochs: 12 } });
      const source = requireModel(text, file);
      const trainer = await Trainer.create({ source, emit: () => undefined, wantsGradients: () => false });
      return (await trainer.run()).metrics.validation?.accuracy ?? NaN;
    };
    const cpu = await accuracy('wasm');
    expect(cpu).toBeGreaterThan(0.8);
    expect(Math.abs((await accuracy('gpu')) - cpu)).toBeLessThanOrEqual(0.01);
  });
});
