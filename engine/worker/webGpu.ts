import { Device } from '../backends/gpu/device.ts';
import { describeAdapter, offer } from '../backends/gpu/webGpuAdapter.ts';

const asked: GPURequestAdapterOptions = { powerPreference: 'high-performance' };
/** What the browser offers; gpu.js is then given a view of it. */
const offered = (navigator as { readonly gpu?: GPU }).gpu;

/** WebGPU as the browser has it. Throws what the user may read where there is none. */
export async function openWebGpu(): Promise<Device> {
  if (!offered) throw new Error('This browser has no WebGPU.');
  const adapter = await offered.requestAdapter(asked);
  if (!adapter) throw new Error('This browser has WebGPU, but no device for it.');
  offer(offered, asked);
  return new Device('webgpu', describeAdapter(adapter));
}
