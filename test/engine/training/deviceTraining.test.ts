import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceBackend } from '../../../engine/backends/backend.ts';
import { readSafetensors } from '../../../engine/export/safetensors.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { DeviceReport } from '../../../engine/protocol/devices.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import type { Probe } from '../../../engine/training/probe.ts';
import { readResumableRun } from '../../../engine/training/resume.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { hostedDevice, type Fate } from '../../support/hostedDevice.ts';

/** What is found on this machine: set by each test. */
const machine = vi.hoisted(() => ({ probe: undefined as Probe | undefined }));
vi.mock('../../../engine/training/probe.ts', () => ({ probe: () => Promise.resolve(machine.probe) }));

const passed = { rung: 'WebGPU', passed: true, device: 'Test card', kind: 'hardware', milliseconds: 1 } as const;

/** A machine with this device. */
function found(open: () => DeviceBackend, report: DeviceReport = passed): void {
  machine.probe = { reports: [report], best: { ...report, open: () => Promise.resolve().then(open) } };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  machine.probe = { reports: [], best: undefined };
});

/** Everything has a memory here: dropout, batch norm, moments, schedule, early stopping; and the last batch is short. */
const modelText = (backend: string, change: object = {}, training: object = {}) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 90, noise: 0.2 }, split: { validation: 0.2 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 5, activation: 'tanh', l2: 0.01 },
      { id: 'norm', type: 'batchNorm' },
      { id: 'drop', type: 'dropout', rate: 0.3 },
      { id: 'block', type: 'residual', layers: [{ id: 'inner', type: 'dense', units: 5, activation: 'relu' }] },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'nadam', learningRate: 0.05, form: 'pytorch' },
    training: {
      epochs: 9,
      batchSize: 8,
      schedule: { type: 'reduceOnPlateau', patience: 0, factor: 0.5 },
      earlyStopping: { patience: 5 },
      gradientClip: { by: 'norm', limit: 1 },
      ...training,
    },
    backend,
    ...change,
  });

let runs = 0;
/** Trains, and returns the folder of the run and what was told of it. */
async function train(text: string, options: Partial<TrainerOptions> = {}, meanwhile?: (trainer: Trainer) => void) {
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  const events: TrainingEvent[] = [];
  const runDirectory = path.join(folder, `run-${String(++runs)}`);
  const trainer = await Trainer.create({
    source: { model, file: path.join(folder, 'model.mlp.json'), text },
    emit: event => events.push(event),
    wantsGradients: () => true,
    runDirectory,
    ...options,
  });
  const ended = trainer.run();
  meanwhile?.(trainer);
  await ended;
  return { events, runDirectory };
}

/** Every bit of them, by name. */
const trainedWeights = (runDirectory: string) => readSafetensors(path.join(runDirectory, 'final.safetensors')).tensors;
const warnings = (events: readonly TrainingEvent[]) =>
  events.flatMap(event => (event.event === 'warning' ? [event.message] : []));
/** What was learned and told, without clocks and the names of what computed. A device keeps the losses of its steps in float32. */
const told = (events: readonly TrainingEvent[]) =>
  events
    .filter(({ event }) => !['start', 'warning', 'checkpoint'].includes(event))
    .map(event => ({
      ...event,
      samplesPerSecond: 0,
      ...(event.event === 'metrics' && { trainLoss: event.trainLoss.toPrecision(6) }),
    }));

const device = (fate?: Fate) => () => hostedDevice(fate);

describe('a training on a device', () => {
  it('gives what the same arithmetic gives on the CPU, bit for bit: metrics, gradients, early stopping, the trained weights', async () => {
    const cpu = await train(modelText('wasm'));
    found(device());
    const gpu = await train(modelText('gpu'));
    expect(told(gpu.events)).toEqual(told(cpu.events));
    expect(trainedWeights(gpu.runDirectory)).toEqual(trainedWeights(cpu.runDirectory));
    expect(gpu.events[0]).toMatchObject({ backend: 'gpu', device: 'GPU Test card, float32, gpu.js over WebGPU' });
    expect(gpu.events.some(({ event }) => event === 'gradients')).toBe(true);
    expect(warnings(gpu.events)).toEqual([]);
  });

  it('ends in the middle of an epoch with the same weights, and resumes to the same end', async () => {
    found(device());
    const whole = await train(modelText('gpu', {}, { earlyStopping: undefined }));
    for (const steps of [1, 5, 23]) {
      const cut = await train(modelText('gpu', {}, { earlyStopping: undefined }), { steps });
      const run = readResumableRun(cut.runDirectory);
      const resumed = await Trainer.create({
        source: run.source,
        resume: run,
        emit: () => undefined,
        wantsGradients: () => true,
        steps: 81,
      });
      await resumed.run();
      expect(trainedWeights(cut.runDirectory)).toEqual(trainedWeights(whole.runDirectory));
    }
  });

  it('writes checkpoints at the very steps asked for', async () => {
    found(device());
    const { events } = await train(modelText('gpu', {}, { epochs: 2, earlyStopping: undefined }), {
      checkpointEvery: 7,
    });
    const steps = events.flatMap(event => (event.event === 'checkpoint' ? [event.step] : []));
    expect(steps).toEqual(expect.arrayContaining([7, 14]));
  });

  it('a device that is lost is opened once more, and no number changes', async () => {
    found(device());
    const unbroken = await train(modelText('gpu'));
    // A step is two runs: in an epoch, at its end, and while it is evaluated.
    for (const at of [9, 18, 19, 30, 55]) {
      found(device({ runs: 0, losses: [at] }));
      const broken = await train(modelText('gpu'));
      expect(told(broken.events)).toEqual(told(unbroken.events));
      expect(trainedWeights(broken.runDirectory)).toEqual(trainedWeights(unbroken.runDirectory));
      expect(warnings(broken.events)).toEqual([expect.stringMatching(/opened again.*from step \d+/)]);
    }
  });

  it('a device that is lost twice leaves the training to the CPU, from the last numbers that came home', async () => {
    found(device());
    const unbroken = await train(modelText('gpu'));
    found(device({ runs: 0, losses: [30, 41] }));
    const broken = await train(modelText('gpu'));
    expect(told(broken.events)).toEqual(told(unbroken.events));
    expect(trainedWeights(broken.runDirectory)).toEqual(trainedWeights(unbroken.runDirectory));
    expect(warnings(broken.events)).toEqual([
      expect.stringContaining('opened again'),
      expect.stringMatching(/gave up.*from step \d+ on the CPU/),
    ]);
  });

  it('a device that cannot be opened leaves the training to the CPU, and it is said', async () => {
    found(() => {
      throw new Error('No device.');
    });
    const { events } = await train(modelText('gpu'));
    expect(warnings(events)).toEqual(['No device. The training runs on the CPU.']);
    expect(events.at(-1)).toMatchObject({ event: 'end', reason: 'completed' });
  });

  it('stops at the step that diverges, with the weights before it', async () => {
    const text = (backend: string) =>
      modelText(
        backend,
        {
          layers: [
            { id: 'hidden1', type: 'dense', units: 5 },
            { id: 'output', type: 'dense', units: 1 },
          ],
          loss: 'meanSquaredError',
          optimizer: { type: 'sgd', learningRate: 1000 },
        },
        { gradientClip: undefined, earlyStopping: undefined },
      );
    const cpu = await train(text('wasm'));
    found(device());
    const gpu = await train(text('gpu'));
    const [end, other] = [gpu.events.at(-1), cpu.events.at(-1)];
    if (end?.event !== 'end' || other?.event !== 'end') throw new Error('A run ends.');
    expect(end).toMatchObject({ reason: 'diverged', message: other.message, step: other.step });
    expect(trainedWeights(gpu.runDirectory)).toEqual(trainedWeights(cpu.runDirectory));
  });

  it('a learning rate changed while it runs counts from the step that is answered, and forces a checkpoint at once', async () => {
    found(device());
    let fromStep = 0;
    const { events } = await train(modelText('gpu'), {}, trainer => {
      fromStep = trainer.setHyperparameters({ learningRate: 0.001 });
    });
    expect(fromStep).toBe(1);
    // It was changed while the device was opened: the run has begun by then, and its first step uses the rate.
    expect(events[0]?.event).toBe('start');
    // Without a change the first checkpoint would be that of the end.
    const [first] = events.flatMap(event => (event.event === 'checkpoint' ? [event] : []));
    expect(first?.epoch).toBe(0);
  });

  it('weights set by hand, before the first step and later, reach the device', async () => {
    const change = (trainer: Trainer) => {
      void trainer.setWeight({ layerId: 'hidden1', output: 0, input: 0, value: 1.5 });
    };
    const weights = [{ layerId: 'hidden1', output: 0, input: 0, value: -2 }];
    found(device());
    const untouched = await train(modelText('gpu'));
    found(device());
    const gpu = await train(modelText('gpu'), { weights }, change);
    expect(gpu.events.filter(({ event }) => event === 'weight')).toHaveLength(2);
    expect(trainedWeights(gpu.runDirectory)).not.toEqual(trainedWeights(untouched.runDirectory));
  });
});

describe('what is chosen', () => {
  const chosen = async (text: string) => {
    const { events } = await train(text, { steps: 1 });
    const [start] = events;
    if (start?.event !== 'start') throw new Error('A run begins with its start.');
    return { ...start, warnings: warnings(events) };
  };
  const wide = {
    data: { source: { kind: 'generator', name: 'moons', samples: 600 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 300, activation: 'relu' },
      { id: 'hidden2', type: 'dense', units: 300, activation: 'relu' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
  };

  it('auto leaves a network whose steps are short to the CPU, without looking for a GPU', async () => {
    machine.probe = undefined;
    expect(await chosen(modelText('auto'))).toMatchObject({
      backend: 'wasm',
      backendReason: 'the fastest on a CPU; a step of this network is too short for a GPU',
    });
  });

  it('auto measures a GPU against the CPU on this very network, and says the figures', async () => {
    found(device());
    const { backend, backendReason } = await chosen(modelText('auto', wide, { batchSize: 128 }));
    expect(['wasm', 'gpu']).toContain(backend);
    expect(backendReason).toMatch(/^measured: GPU [\d.]+ (µs|ms) a step, CPU [\d.]+ (µs|ms) a step$/);
  });

  it('auto never takes a software device, and says what was tried', async () => {
    found(device(), { ...passed, device: 'llvmpipe', kind: 'software' });
    expect(await chosen(modelText('auto', wide, { batchSize: 128 }))).toMatchObject({
      backend: 'wasm',
      backendReason: expect.stringContaining('WebGPU: software device on the processor, no GPU: llvmpipe') as string,
    });
  });

  it('a GPU that was asked for and is not here leaves the CPU, and says why', async () => {
    machine.probe = {
      reports: [{ rung: 'WebGPU', passed: false, reason: 'No graphics driver.', milliseconds: 1 }],
      best: undefined,
    };
    const { backend, warnings: said } = await chosen(modelText('gpu'));
    expect(backend).toBe('wasm');
    expect(said).toEqual([
      'A GPU was asked for. No GPU was found (WebGPU: No graphics driver.). The training runs on the CPU.',
    ]);
  });

  it('a software device that stands in for a GPU is called one', async () => {
    found(device(), { ...passed, device: 'llvmpipe', kind: 'software' });
    const { device: name, warnings: said } = await chosen(modelText('gpu'));
    expect(name).toMatch(/^CPU, no GPU but the software device llvmpipe/);
    expect(said).toEqual([expect.stringContaining('only a software device')]);
  });
});
