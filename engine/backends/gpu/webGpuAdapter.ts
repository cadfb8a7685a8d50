import type { DeviceDescription } from './device.ts';
import { kindOf } from './deviceKind.ts';

/** gpu.js computes 8 × 8 places in one workgroup. */
const sideOfWorkgroup = 8;

/** gpu.js looks for `navigator.gpu` and asks it for any adapter: from now on it gets the one that `asked` asks for. */
export function offer(gpu: GPU, asked: GPURequestAdapterOptions): void {
  const value = {
    getPreferredCanvasFormat: () => 'rgba8unorm',
    requestAdapter: () => gpu.requestAdapter(asked),
  };
  const target = typeof navigator === 'undefined' ? (globalThis as object) : navigator;
  if (target === globalThis) Object.defineProperty(target, 'navigator', { value: { gpu: value }, configurable: true });
  else Object.defineProperty(target, 'gpu', { value, configurable: true });
}

export function describeAdapter({ info, limits }: GPUAdapter): DeviceDescription {
  const name = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
  return {
    name: name || 'without a name',
    kind: info.isFallbackAdapter ? 'software' : kindOf(name),
    largestSide: limits.maxComputeWorkgroupsPerDimension * sideOfWorkgroup,
    largestBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}
