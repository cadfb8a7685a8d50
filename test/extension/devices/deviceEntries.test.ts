import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../../engine/protocol/devices.ts';
import { deviceEntries, devicesTooltip, type KnownDevices } from '../../../extension/devices/deviceEntries.ts';

const lost: DeviceReport = { rung: 'WebGPU', passed: false, reason: 'No graphics driver.', milliseconds: 1 };
const imitation: DeviceReport = {
  rung: 'headless-gl',
  passed: true,
  device: 'llvmpipe',
  kind: 'software',
  milliseconds: 1,
};
const card: DeviceReport = {
  rung: 'WebGL 2 of a view',
  passed: true,
  device: 'Card',
  kind: 'hardware',
  milliseconds: 1,
};
const known: KnownDevices = {
  process: { cpu: 'CPU, float32', gpu: [lost, imitation] },
  view: [card],
  node: undefined,
  start: undefined,
};
const start = {
  name: 'moons',
  device: 'GPU Card, float32, gpu.js over WebGL 2 of a view',
  backendReason: 'measured: WebGL 2 of a view 1.5 ms a step, CPU 4 ms a step',
};

describe('the list of what can compute', () => {
  it('offers the best of the process and the browser, a GPU before an imitation, and lists all ways with their fate', () => {
    const entries = deviceEntries(known);
    expect(entries.flatMap(({ backend, label }) => (backend ? [`${backend}: ${label}`] : []))).toEqual([
      'auto: Automatic',
      'wasm: CPU',
      'gpu: GPU',
    ]);
    expect(entries.find(({ backend }) => backend === 'gpu')?.detail).toBe('WebGL 2 of a view: GPU: Card');
    const tried = entries.slice(entries.findIndex(({ label }) => label === 'Tried') + 1);
    expect(tried).toEqual([
      { label: 'WebGPU', icon: 'circle-slash', detail: 'No graphics driver.' },
      {
        label: 'headless-gl',
        icon: 'pass',
        detail: 'software device on the processor, no GPU: llvmpipe',
      },
      { label: 'WebGL 2 of a view', icon: 'pass', detail: 'GPU: Card' },
    ]);
  });

  it('calls an imitation no GPU, and offers nothing where nothing passed', () => {
    const labelOf = (part: Partial<KnownDevices>) =>
      deviceEntries({ ...known, ...part }).find(({ backend }) => backend === 'gpu')?.label;
    expect(labelOf({ view: [] })).toBe('Not a GPU');
    expect(labelOf({ view: [], process: { cpu: 'CPU', gpu: [lost] } })).toBeUndefined();
  });

  it('says which Node trains, and what the last training took with the figures it was chosen by', () => {
    const entries = deviceEntries({ ...known, node: 'There is no Node.js 20 or newer on the path.', start });
    expect(entries).toContainEqual({
      label: 'Node.js',
      icon: 'info',
      detail: 'There is no Node.js 20 or newer on the path.',
    });
    expect(entries.slice(-2)).toEqual([
      { label: 'Last training' },
      {
        label: 'moons',
        icon: 'chip',
        detail:
          'GPU Card, float32, gpu.js over WebGL 2 of a view: measured: WebGL 2 of a view 1.5 ms a step, CPU 4 ms a step',
      },
    ]);
  });
});

describe('the status item', () => {
  it('says what the last training took and why, and every way that was tried', () => {
    expect(devicesTooltip(start, [lost, card]).split('\n')).toEqual([
      `${start.device}: ${start.backendReason}`,
      '',
      'Tried',
      'WebGPU: No graphics driver.',
      'WebGL 2 of a view: GPU: Card',
      '',
      'Click to see what can compute here.',
    ]);
    expect(devicesTooltip(start, []).split('\n')).toHaveLength(3);
  });
});
