import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseModel } from '../../../engine/model/parse.ts';
import { connect } from '../../../engine/protocol/channel.ts';
import { deviceCallSchemas, type DeviceCalls } from '../../../engine/protocol/deviceCalls.ts';
import { DeviceLink } from '../../../engine/protocol/deviceLink.ts';
import type { DeviceReport } from '../../../engine/protocol/devices.ts';
import type { TrainingEvent } from '../../../engine/protocol/events.ts';
import type { NetworkSample } from '../../../engine/protocol/networkSample.ts';
import type { Probe } from '../../../engine/training/probe.ts';
import { Trainer } from '../../../engine/training/trainer.ts';
import type { TrainerOptions } from '../../../engine/training/trainerOptions.ts';
import { DeviceService } from '../../../engine/worker/deviceService.ts';
import { hostedDevice, type Fate } from '../../support/hostedDevice.ts';
import { jsonPorts } from '../../support/jsonPorts.ts';
import { inFloat32 } from '../../support/events.ts';

/** What the process finds by itself: nothing, unless a test says otherwise. */
const machine = vi.hoisted(() => ({ probe: undefined as Probe | undefined }));
vi.mock('../../../engine/training/probe.ts', () => ({ probe: () => Promise.resolve(machine.probe) }));

const nothing = { rung: 'WebGPU', passed: false, reason: 'No graphics driver.', milliseconds: 1 };
beforeEach(() => {
  machine.probe = { reports: [nothing], passed: [] };
});

const card = { rung: 'WebGPU of a view', passed: true, device: 'Card', kind: 'hardware', milliseconds: 1 } as const;

/** A view that has this device, and what cuts it off from the trainer. */
function view(report: DeviceReport, fate?: Fate): { readonly devices: DeviceCalls; readonly close: () => void } {
  const { ends, cut } = jsonPorts();
  const ways = { climb: () => Promise.resolve([report]), open: () => Promise.resolve(hostedDevice(fate)) };
  const onDropped = (reason: string) => {
    throw new Error(reason);
  };
  connect<object, DeviceCalls>(ends[1], new DeviceService(ways), { schemas: deviceCallSchemas, onDropped });
  const devices = new DeviceLink(ends[0], onDropped);
  return {
    devices,
    close: () => {
      cut();
      devices.end('The view was closed.');
    },
  };
}

/** Everything has a memory here: dropout, batch norm, moments; and the last batch is short. */
const modelText = (backend: string, change: object = {}) =>
  JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 90 }, split: { validation: 0.2 } },
    layers: [
      { id: 'hidden1', type: 'dense', units: 5, activation: 'tanh', l2: 0.01 },
      { id: 'norm', type: 'batchNorm' },
      { id: 'drop', type: 'dropout', rate: 0.3 },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    optimizer: { type: 'adam', learningRate: 0.05 },
    training: { epochs: 6, batchSize: 16 },
    backend,
    ...change,
  });

async function train(
  text: string,
  elsewhere?: DeviceCalls,
  onEpoch: (epoch: number, trainer: Trainer) => void = () => undefined,
  options: Partial<TrainerOptions> = {},
) {
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  const events: TrainingEvent[] = [];
  const trainer = await Trainer.create({
    source: { model, file: 'model.mlp.json', text },
    emit: event => {
      events.push(event);
      if (event.event === 'metrics') onEpoch(event.epoch, trainer);
    },
    wantsGradients: () => true,
    elsewhere,
    ...options,
  });
  await trainer.run();
  const [start] = events;
  if (start?.event !== 'start') throw new Error('A run begins with its start.');
  return {
    trainer,
    start,
    end: events.at(-1),
    gradients: events.filter(({ event }) => event === 'gradients').map(inFloat32),
    metrics: events.flatMap(event =>
      event.event === 'metrics' ? [{ ...event, samplesPerSecond: 0, trainLoss: event.trainLoss.toPrecision(6) }] : [],
    ),
    warnings: events.flatMap(event => (event.event === 'warning' ? [event.message] : [])),
  };
}

describe('a training on the device of a view', () => {
  it('gives what the same arithmetic gives in the process, bit for bit, and what is told of the gradients to six digits', async () => {
    const cpu = await train(modelText('wasm'));
    const remote = await train(modelText('gpu'), view(card).devices);
    expect(remote.start).toMatchObject({ backend: 'gpu', device: 'GPU Card, float32, gpu.js over WebGPU of a view' });
    expect(remote.metrics).toEqual(cpu.metrics);
    expect(remote.gradients).toEqual(cpu.gradients);
    expect(remote.end).toEqual(cpu.end);
    expect(remote.warnings).toEqual([]);
  });

  it('goes on on the CPU when the view is closed, to the same end, and says so', async () => {
    const whole = await train(modelText('gpu'), view(card).devices);
    const { devices, close } = view(card);
    const cut = await train(modelText('gpu'), devices, epoch => {
      if (epoch === 3) close();
    });
    expect(cut.metrics).toEqual(whole.metrics);
    expect(cut.end).toEqual(whole.end);
    expect(cut.warnings).toEqual([expect.stringMatching(/^The view was closed\..*from step 0 on the CPU/)]);
  });

  it('a device that is lost while its view stays is made ready once more, and no number changes', async () => {
    const whole = await train(modelText('gpu'), view(card).devices);
    const broken = await train(modelText('gpu'), view(card, { runs: 0, losses: [21] }).devices);
    expect(broken.metrics).toEqual(whole.metrics);
    expect(broken.warnings).toEqual([expect.stringContaining('opened again')]);
  });

  describe('brings weights home', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'mlp-studio-home-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** How often they came home while this was trained, each time with or without what the last step did; and what was told of it. */
    const watched = async (
      change: object,
      options: Partial<TrainerOptions> = {},
      onEpoch: (epoch: number, trainer: Trainer) => void = () => undefined,
    ) => {
      const { devices } = view(card);
      const saved = vi.spyOn(devices, 'saveDevice');
      const told = await train(modelText('gpu', change), devices, onEpoch, options);
      return { ...told, homecomings: saved.mock.calls.map(([lastStep]) => lastStep) };
    };
    const untouched = () => train(modelText('wasm'));
    const kept = (name: string) => ({ runDirectory: path.join(folder, name) });

    it('once, at the end, where nobody looks and no checkpoint is due; nothing is different for it', async () => {
      const cpu = await untouched();
      for (const options of [{}, kept('unwatched')]) {
        const { homecomings, metrics, gradients, end } = await watched({}, options);
        expect(homecomings).toEqual([true]);
        expect([metrics, gradients, end]).toEqual([cpu.metrics, cpu.gradients, cpu.end]);
      }
    });

    it('for each checkpoint', async () => {
      // 30 steps: at 9, 18, 27, and at the end.
      const { homecomings, end } = await watched({}, { ...kept('checkpoints'), checkpointEvery: 9 });
      expect(homecomings).toEqual([false, false, false, true]);
      expect(end).toEqual((await untouched()).end);
    });

    it('for epochs whose weights early stopping remembers, and for no other', async () => {
      const change = { training: { epochs: 6, batchSize: 16, earlyStopping: { patience: 6 } } };
      const { homecomings, metrics } = await watched(change);
      const improved = metrics
        .slice(1)
        .filter(({ validationLoss = NaN }, i) =>
          metrics.slice(1, i + 1).every(earlier => validationLoss < (earlier.validationLoss ?? NaN)),
        );
      expect(homecomings.filter(lastStep => !lastStep)).toHaveLength(improved.filter(({ epoch }) => epoch < 6).length);
    });

    it('for a look at the network, which shows the step that it is told as, and for no look twice', async () => {
      const shown: (NetworkSample | undefined)[] = [];
      const look = (trainer: Trainer) => {
        trainer.onlookers.whenHome(() => shown.push(trainer.networkSampler.sample()), { lastStep: true });
      };
      const { homecomings, metrics, end } = await watched({}, {}, (epoch, trainer) => {
        if (epoch !== 2) return;
        // Who looks at a run that stands still waits for nothing.
        trainer.pause();
        look(trainer);
        look(trainer);
        trainer.onlookers.whenHome(() => {
          look(trainer);
          trainer.resume();
        });
      });
      const cpu = await untouched();
      expect(homecomings).toEqual([true, true]);
      expect([metrics, end]).toEqual([cpu.metrics, cpu.end]);
      expect(shown.map(sample => sample?.step)).toEqual([10, 10, 10]);
      // The same step of the CPU shows the same weights and gradients.
      const same = await train(modelText('wasm'), undefined, undefined, { steps: 10, ...kept('same') });
      expect(same.trainer.networkSampler.sample()?.layers).toEqual(shown[0]?.layers);
    });

    it('for a look at a run that goes on', async () => {
      const steps: number[] = [];
      const { homecomings } = await watched({ training: { epochs: 400, batchSize: 16 } }, {}, (epoch, trainer) => {
        if (epoch === 2) trainer.onlookers.whenHome(() => steps.push(trainer.step));
      });
      expect(steps).toHaveLength(1);
      expect(steps[0]).toBeLessThan(2000);
      expect(homecomings).toEqual([false, true]);
    });

    it('for predictions only when somebody waits for them', async () => {
      let wanted = 0;
      const looks = await watched({}, { wantsPredictions: () => wanted-- > 0 }, epoch => {
        if (epoch === 3) wanted = 1;
      });
      expect(looks.homecomings.length).toBeLessThanOrEqual(2);
      expect((await watched({}, { wantsPredictions: () => false })).homecomings).toEqual([true]);
    });
  });

  it('goes back as soon as nobody computes on it: at the end, or when it is lost for good', async () => {
    const { devices } = view(card);
    const left = vi.spyOn(devices, 'leaveDevices');
    await train(modelText('gpu'), devices);
    expect(left).toHaveBeenCalledOnce();
    const broken = view(card, { runs: 0, losses: [21, 32] }).devices;
    const leftBroken = vi.spyOn(broken, 'leaveDevices');
    const leftAt: number[] = [];
    const { warnings, end } = await train(modelText('gpu'), broken, epoch => {
      if (leftBroken.mock.calls.length > 0) leftAt.push(epoch);
    });
    expect(warnings.at(-1)).toContain('on the CPU');
    expect(end).toMatchObject({ reason: 'completed', epoch: 6 });
    // Epochs of the CPU came after it.
    expect(leftAt.length).toBeGreaterThan(1);
    expect(leftBroken).toHaveBeenCalledOnce();
  });

  it('goes back when it could not be made ready', async () => {
    const { devices } = view(card);
    vi.spyOn(devices, 'prepareDevice').mockRejectedValue(new Error('No room.'));
    const left = vi.spyOn(devices, 'leaveDevices');
    const { warnings } = await train(modelText('gpu'), devices);
    expect(warnings).toEqual(['No room. The training runs on the CPU.']);
    expect(left).toHaveBeenCalledOnce();
  });

  it('is asked for only if it is a GPU, where the process has a software device of its own', async () => {
    const own = { ...card, rung: 'WebGPU', device: 'llvmpipe', kind: 'software' } as const;
    machine.probe = { reports: [own], passed: [{ ...own, open: () => Promise.resolve(hostedDevice()) }] };
    const { devices } = view({ ...card, device: 'SwiftShader', kind: 'software' });
    const asked = vi.spyOn(devices, 'findDevices');
    const { start } = await train(modelText('gpu'), devices);
    expect(start.device).toContain('llvmpipe');
    expect(asked).toHaveBeenCalledExactlyOnceWith(false);
  });

  it('a loss that is not finite arrives as such, and ends the run', async () => {
    const hot = { loss: 'meanSquaredError', optimizer: { type: 'sgd', learningRate: 1000 } };
    const layers = [{ id: 'output', type: 'dense', units: 1 }];
    const { end } = await train(modelText('gpu', { ...hot, layers }), view(card).devices);
    expect(end).toMatchObject({ reason: 'diverged' });
  });

  it('is not asked for where the process has a GPU of its own', async () => {
    const own = { ...card, rung: 'WebGPU', device: 'Own card' };
    machine.probe = { reports: [own], passed: [{ ...own, open: () => Promise.resolve(hostedDevice()) }] };
    const { devices } = view(card);
    const asked = vi.spyOn(devices, 'findDevices');
    const { start } = await train(modelText('gpu'), devices);
    expect(start.device).toContain('Own card');
    expect(asked).not.toHaveBeenCalled();
  });

  it('is called software where it is, and auto leaves it alone', async () => {
    const software = { ...card, device: 'SwiftShader', kind: 'software' } as const;
    const asked = await train(modelText('gpu'), view(software).devices);
    expect(asked.start.device).toMatch(/^CPU, no GPU but the software device SwiftShader/);
    expect(asked.warnings).toEqual([expect.stringContaining('only a software device')]);
    const layers = [
      { id: 'wide', type: 'dense', units: 600 },
      { id: 'wide2', type: 'dense', units: 600 },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ];
    const left = await train(
      modelText('auto', { layers, training: { epochs: 1, batchSize: 72 } }),
      view(software).devices,
    );
    expect(left.start).toMatchObject({
      backend: 'wasm',
      backendReason: expect.stringContaining('software device on the processor, no GPU: SwiftShader') as string,
    });
  });

  it('a view that cannot be asked leaves the CPU, and its reason is told', async () => {
    const { devices, close } = view(card);
    close();
    const { start, warnings } = await train(modelText('gpu'), devices);
    expect(start.backend).toBe('wasm');
    expect(warnings).toEqual([expect.stringMatching(/No graphics driver\..*The view was closed/)]);
  });
});
