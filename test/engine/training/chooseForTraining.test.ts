import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceBackend } from '../../../engine/backends/backend.ts';
import { loadData } from '../../../engine/data/load.ts';
import { parseModel } from '../../../engine/model/parse.ts';
import type { DeviceCalls } from '../../../engine/protocol/deviceCalls.ts';
import type { DeviceReport } from '../../../engine/protocol/devices.ts';
import { chooseForTraining } from '../../../engine/training/chooseForTraining.ts';
import type { Probe } from '../../../engine/training/probe.ts';
import { hostedDevice } from '../../support/hostedDevice.ts';

/** What is found on this machine: set by each test. */
const machine = vi.hoisted(() => ({ probe: undefined as Probe | undefined }));
vi.mock('../../../engine/training/probe.ts', () => ({ probe: () => Promise.resolve(machine.probe) }));
beforeEach(() => {
  machine.probe = undefined;
});

const card = { rung: 'WebGPU', passed: true, device: 'Test card', kind: 'hardware', milliseconds: 1 } as const;
const imitation = { ...card, rung: 'A fourth', device: 'llvmpipe', kind: 'software' } as const;

/** A machine with these ways to a device, which is opened by what stands beside each. */
function found(...ways: (readonly [DeviceReport, () => DeviceBackend])[]): void {
  machine.probe = {
    reports: ways.map(([report]) => report),
    passed: ways.map(([report, open]) => ({ ...report, open: () => Promise.resolve().then(open) })),
  };
}

/** A device whose numbers take so long to come home. */
const slow = (milliseconds: number) => () =>
  new Proxy(hostedDevice(), {
    get: (target, name) =>
      name === 'fetch'
        ? (numbers: Parameters<DeviceBackend['fetch']>[0]) =>
            new Promise(resolve => setTimeout(resolve, milliseconds)).then(() => target.fetch(numbers))
        : (Reflect.get(target, name) as unknown),
  });

async function choose(
  backend: string,
  units: number,
  { elsewhere, ...options }: { readonly elsewhere?: DeviceCalls; readonly cpuOnly?: boolean } = {},
) {
  const text = JSON.stringify({
    version: 1,
    data: { source: { kind: 'generator', name: 'moons', samples: 600 } },
    layers: [
      { id: 'hidden1', type: 'dense', units, activation: 'relu' },
      { id: 'hidden2', type: 'dense', units, activation: 'relu' },
      { id: 'output', type: 'dense', units: 1, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossEntropy',
    training: { batchSize: 128 },
    backend,
  });
  const { model, issues } = parseModel(text);
  if (!model) throw new Error(issues[0]?.message);
  const source = { model, file: 'model.mlp.json', text };
  const chosen = await chooseForTraining({ source, elsewhere, ...options }, await loadData(source));
  return { ...chosen, isOnDevice: chosen.openDevice !== undefined };
}
/** So wide that no CPU is measured before a GPU is looked for. */
const wide = 420;
const narrow = 5;

describe('what is chosen', () => {
  it('auto leaves a network to the CPU, without looking for a GPU, where a step is done before a GPU has been told of it, and says the figure', async () => {
    // Nothing is found here, and nothing may be looked for.
    const { isOnDevice, reason } = await choose('auto', narrow);
    expect(isOnDevice).toBe(false);
    // Three dense layers.
    expect(reason).toBe(
      'the fastest on a CPU: a step takes it less than the 290 µs that telling a GPU of its 29 kernels takes at least',
    );
  });

  it('auto measures a GPU against the CPU on this very network, and says the figures', async () => {
    found([card, hostedDevice]);
    const { reason } = await choose('auto', wide);
    expect(reason).toMatch(/^measured: WebGPU [\d.]+ (µs|ms) a step, CPU [\d.]+ (µs|ms) a step$/);
  });

  it('auto measures every way to a GPU and no imitation, says all figures, and passes over a way that gives up', async () => {
    found(
      [card, slow(3000)],
      [{ ...card, rung: 'headless-gl', device: 'Second card' }, hostedDevice],
      [
        { ...card, rung: 'A third' },
        () => {
          throw new Error('No room.');
        },
      ],
      [imitation, hostedDevice],
    );
    const { reason, device } = await choose('auto', wide);
    expect(reason).toMatch(
      /^measured: WebGPU [\d.]+ ms a step, headless-gl [\d.]+ (µs|ms) a step, A third gave up \(No room\.\), CPU [\d.]+ (µs|ms) a step$/,
    );
    // 3 s over at most 16 steps is slower than what else there is.
    expect(device).not.toContain('Test card');
  });

  it('auto takes the CPU where every way is slower, and gives the device of a view back', async () => {
    found([card, slow(3000)]);
    const leaveDevices = vi.fn(() => Promise.resolve());
    const elsewhere = { leaveDevices } as Partial<DeviceCalls> as DeviceCalls;
    const { isOnDevice, reason } = await choose('auto', wide, { elsewhere });
    expect(isOnDevice).toBe(false);
    expect(reason).toMatch(/^measured: WebGPU .*, CPU /);
    expect(leaveDevices).toHaveBeenCalledOnce();
  });

  it('auto never takes a software device, and says what was tried', async () => {
    found([{ ...card, device: 'llvmpipe', kind: 'software' }, hostedDevice]);
    const { isOnDevice, reason } = await choose('auto', wide);
    expect(isOnDevice).toBe(false);
    expect(reason).toContain('WebGPU: software device on the processor, no GPU: llvmpipe');
  });

  it.each([
    ['auto', 'the fastest on a CPU, where runs side by side compute'],
    ['gpu', 'the fastest on a CPU, where runs side by side compute, although a GPU was asked for'],
    ['wasm', 'asked for'],
    ['reference', 'asked for'],
  ])('runs side by side leave the GPU alone where the model says %s, and say why', async (backend, why) => {
    // Nothing is found here, and nothing may be looked for.
    const { isOnDevice, reason, lacking, backend: host } = await choose(backend, wide, { cpuOnly: true });
    expect(isOnDevice).toBe(false);
    expect(reason).toBe(why);
    expect(lacking).toBeUndefined();
    expect(host.name).toBe(backend === 'reference' ? 'reference' : 'wasm');
  });

  it('a GPU that was asked for and is not here leaves the CPU, and says why', async () => {
    machine.probe = {
      reports: [{ rung: 'WebGPU', passed: false, reason: 'No graphics driver.', milliseconds: 1 }],
      passed: [],
    };
    const { isOnDevice, lacking } = await choose('gpu', narrow);
    expect(isOnDevice).toBe(false);
    expect(lacking).toBe(
      'A GPU was asked for. No GPU was found (WebGPU: No graphics driver.). The training runs on the CPU.',
    );
  });

  it('a GPU goes before an imitation of one where it is asked for, and an imitation that stands in is called one', async () => {
    found([imitation, hostedDevice], [card, hostedDevice]);
    expect((await choose('gpu', narrow)).device).toBe('GPU Test card, float32, gpu.js over WebGPU');
    found([imitation, hostedDevice]);
    const { device, lacking } = await choose('gpu', narrow);
    expect(device).toMatch(/^CPU, no GPU but the software device llvmpipe/);
    expect(lacking).toContain('only a software device');
  });
});
