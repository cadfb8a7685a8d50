import { describe, expect, it } from 'vitest';
import { bestOf, computedWith, deviceText, processorOf, type DeviceReport } from '../../../engine/protocol/devices.ts';

const report = (kind: DeviceReport['kind'], passed = true): DeviceReport => ({
  rung: `A way to ${String(kind)}`,
  ...{ passed, kind, device: 'Card', milliseconds: 1 },
});

describe('the words for what computes', () => {
  it.each([
    ['gpu', 'GPU Card, float32, gpu.js over WebGPU', 'GPU', 'GPU'],
    ['gpu', 'CPU, no GPU but the software device llvmpipe, float32, gpu.js over WebGPU', 'CPU', 'software device'],
    ['gpu', 'Device behind headless-gl, float32, gpu.js over headless-gl', 'Device', 'unknown device'],
    ['wasm', 'CPU, float32, WebAssembly SIMD', 'CPU', 'wasm'],
    ['reference', 'CPU, float64', 'CPU', 'reference'],
  ])('of backend %s on "%s" are %s and %s: only a GPU is called one', (backend, device, processor, words) => {
    expect(processorOf(device)).toBe(processor);
    expect(computedWith({ backend, device })).toBe(words);
  });

  it('say of a way that passed what it leads to, and of one that lost why', () => {
    expect(deviceText(report('software'))).toBe('A way to software: software device on the processor, no GPU: Card');
    expect(deviceText({ ...report('hardware', false), reason: 'It computes wrongly.' })).toBe(
      'A way to hardware: Card: It computes wrongly.',
    );
  });

  it('are about the best that passed: a GPU, else what may be one, else an imitation', () => {
    const [hardware, unknown, software] = [report('hardware'), report('unknown'), report('software')];
    expect(bestOf([software, unknown, hardware])).toBe(hardware);
    expect(bestOf([software, unknown, report('hardware', false)])).toBe(unknown);
    expect(bestOf([software])).toBe(software);
    expect(bestOf([report('hardware', false)])).toBeUndefined();
  });
});
