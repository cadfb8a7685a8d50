import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceBackend } from '../../../engine/backends/backend.ts';
import { encodeSafetensors, readSafetensors } from '../../../engine/export/safetensors.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import { computedSince } from '../../../engine/protocol/devices.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import type { Probe } from '../../../engine/training/probe.ts';
import { TrainingSession } from '../../../engine/training/session.ts';
import { readReplay, readResumableRun } from '../../../engine/training/resume.ts';
import { readRunRecord } from '../../../engine/training/runFolder.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { inFloat32 } from '../../support/events.ts';
import { hostedDevice, type Fate } from '../../support/hostedDevice.ts';

/** What is found on this machine: set by each test. */
const machine = vi.hoisted(() => ({ probe: undefined as Probe | undefined }));
vi.mock('../../../engine/training/probe.ts', () => ({ probe: () => Promise.resolve(machine.probe) }));

const passed = { rung: 'WebGPU', passed: true, device: 'Test card', kind: 'hardware', milliseconds: 1 } as const;

/** A machine with this device. */
function found(open: () => DeviceBackend): void {
  machine.probe = { reports: [passed], passed: [{ ...passed, open: () => Promise.resolve().then(open) }] };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  machine.probe = { reports: [], passed: [] };
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
/** What was learned and told, without clocks and the names of what computed. A device keeps losses and what it tells of gradients in float32. */
const told = (events: readonly TrainingEvent[]) =>
  events
    .filter(({ event }) => !['start', 'warning', 'checkpoint'].includes(event))
    .map(event => ({
      ...inFloat32(event),
      samplesPerSecond: 0,
      ...(event.event === 'metrics' && { trainLoss: event.trainLoss.toPrecision(6) }),
    }));

const device = (fate?: Fate) => () => hostedDevice(fate);

describe('a training on a device', () => {
  it('gives what the same arithmetic gives on the CPU, bit for bit: metrics, early stopping, the trained weights, and what is told of gradients to six digits', async () => {
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
    const [start] = broken.events;
    const change = broken.events.findLast(event => event.event === 'warning');
    if (start?.event !== 'start' || change?.event !== 'warning') throw new Error('It was lost, and that was said.');
    const step = Number(/from step (\d+)/.exec(change.message)?.[1]);
    expect(change.computes).toMatchObject({ backend: 'wasm', step });
    // Whoever follows the run, live or from its file, sees what computes now; so does who reads its record.
    const since = computedSince(start, change);
    expect(since).toMatchObject({ backend: 'wasm', device: expect.stringMatching(/^CPU/) as string });
    expect(since.backendReason).toBe(`since step ${String(step)}: ${change.message}`);
    expect(readRunRecord(broken.runDirectory)).toMatchObject({ backend: 'wasm', backendReason: since.backendReason });
    const replayed = [...readReplay(broken.runDirectory)].findLast(event => event.event === 'warning');
    expect(replayed).toEqual(change);
  });

  it('messages are heard while the CPU does again what a lost device had done', async () => {
    const redone = vi.spyOn(TrainingSession.prototype, 'redo');
    try {
      found(device({ runs: 0, losses: [12_000, 12_002] }));
      const heardAfter: number[] = [];
      await train(modelText('gpu', {}, { epochs: 1000, earlyStopping: undefined }), {
        runDirectory: undefined,
        wantsGradients: () => false,
        emit: event => {
          // Whatever waits for the event loop is heard before all steps are done again.
          if (event.event === 'warning') setImmediate(() => heardAfter.push(redone.mock.calls.length));
        },
      });
      expect(redone.mock.calls.length).toBeGreaterThan(5000);
      expect(heardAfter.at(-1)).toBeLessThan(redone.mock.calls.length);
    } finally {
      redone.mockRestore();
    }
  });

  it('a device that cannot be opened leaves the training to the CPU, and it is said', async () => {
    found(() => {
      throw new Error('No device.');
    });
    const { events, runDirectory } = await train(modelText('gpu'));
    expect(warnings(events)).toEqual(['No device. The training runs on the CPU.']);
    expect(events.find(({ event }) => event === 'warning')).toMatchObject({ computes: { backend: 'wasm', step: 0 } });
    expect(readRunRecord(runDirectory)).toMatchObject({ backend: 'wasm', status: 'completed' });
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

  it('a gradient that is not finite ends the run before its update, although the loss is finite', async () => {
    const layers = [
      { id: 'hidden1', type: 'dense', units: 1, activation: 'identity' },
      { id: 'output', type: 'dense', units: 1, activation: 'identity' },
    ];
    const change = { layers, loss: 'meanSquaredError', optimizer: { type: 'sgd', learningRate: 1e-9 } };
    const text = (backend: string) =>
      modelText(backend, change, { epochs: 1, gradientClip: { by: 'value', limit: 1 }, earlyStopping: undefined });
    // The output is about 3x, and ∂L/∂hidden1 about 10³⁹.
    const initFile = path.join(folder, 'steep.safetensors');
    const tensor = (shape: number[], ...values: number[]) => ({ shape, values: Float32Array.from(values) });
    writeFileSync(
      initFile,
      encodeSafetensors(
        new Map([
          ['hidden1.weight', tensor([1, 2], 1e-38, 1e-38)],
          ['hidden1.bias', tensor([1], 0)],
          ['output.weight', tensor([1, 1], 3e38)],
          ['output.bias', tensor([1], 0)],
        ]),
      ),
    );
    const steps = 1;
    const cpu = await train(text('wasm'), { initFile, steps });
    found(device());
    const gpu = await train(text('gpu'), { initFile, steps });
    const [end] = gpu.events.slice(-1);
    expect(end).toMatchObject({
      reason: 'diverged',
      step: 0,
      message: expect.stringContaining('the gradient of "hidden1.weight" is not finite') as string,
    });
    expect(end).toEqual(cpu.events.at(-1));
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
