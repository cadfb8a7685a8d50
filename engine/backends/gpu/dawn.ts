import { existsSync } from 'node:fs';
import type * as Dawn from 'webgpu';
import { Device, type DeviceDescription } from './device.ts';
import { describeAdapter, offer } from './webGpuAdapter.ts';

/** How an adapter is asked for, best first: what the system has, and OpenGL ES where it has neither Vulkan, Metal nor Direct3D 12. */
const attempts: readonly { readonly options: string[]; readonly featureLevel?: string }[] = [
  { options: [] },
  { options: ['backend=opengles'], featureLevel: 'compatibility' },
];

/** Whether Dawn computes through OpenGL in this process. */
let isOverOpenGl = false;

/** Whether OpenGL is taken: two that use it in one process, each in its own way, end it. */
export const takesOpenGl = (): boolean => isOverOpenGl;

/** A process has one Dawn: what it has made dies with it, and gpu.js keeps what it was given. */
let dawn: Promise<DeviceDescription> | undefined;

/**
 * WebGPU in Node, by Dawn. Throws what the user may read where there is none: the package is missing or built for another system, or no
 * driver offers a device.
 */
export async function openDawn(): Promise<Device> {
  dawn ??= startDawn();
  const description = await dawn;
  // Waiting for Dawn does not keep Node alive.
  const alive = setInterval(() => undefined, 1000);
  return new Device('webgpu', description, {
    onClose: () => {
      clearInterval(alive);
    },
  });
}

async function startDawn(): Promise<DeviceDescription> {
  const { create, globals } = await loadDawn();
  for (const [name, value] of Object.entries(globals))
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true });
  // Without a display, Mesa needs to be told so before it is loaded.
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    process.env['EGL_PLATFORM'] ??= 'surfaceless';
  for (const { options, featureLevel } of attempts) {
    const gpu = create(options);
    const asked: GPURequestAdapterOptions = {
      powerPreference: 'high-performance',
      ...(featureLevel && { featureLevel }),
    };
    const adapter = await gpu.requestAdapter(asked);
    if (!adapter) continue;
    // Dawn ends what its `GPU` has made when that is collected: here it is kept.
    offer(gpu, asked);
    isOverOpenGl = featureLevel !== undefined;
    return describeAdapter(adapter);
  }
  throw new Error('No graphics driver here offers Vulkan, Metal, Direct3D 12 or OpenGL ES.');
}

/** The package as it ships, beside the bundle; else from where packages are. */
async function loadDawn(): Promise<typeof Dawn> {
  const shipped = new URL('webgpu/index.js', import.meta.url);
  try {
    return (await import(existsSync(shipped) ? shipped.href : 'webgpu')) as typeof Dawn;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [reason = ''] = message.split('\n');
    throw new Error(
      code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
        ? 'There is no WebGPU in this package of MLP Studio. Install the one for your platform.'
        : `WebGPU cannot be loaded: ${reason}.`,
      { cause: error },
    );
  }
}
