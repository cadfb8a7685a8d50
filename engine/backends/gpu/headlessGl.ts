import { GPU, HeadlessGLKernel } from 'gpu.js';
import { takesOpenGl } from './dawn.ts';
import { Device } from './device.ts';
import { kindOf } from './deviceKind.ts';

/** Mesa, ANGLE and the drivers of the last ten years take this. */
const largestSide = 16_384;

/** WebGL in Node, where the user has installed headless-gl. Throws what the user may read where it is missing. */
export function openHeadlessGl(): Promise<Device> {
  if (takesOpenGl()) return Promise.reject(new Error('WebGPU has taken OpenGL in this process.'));
  if (!GPU.isHeadlessGLSupported)
    return Promise.reject(new Error('The package "gl" is not installed, or has no display to draw to.'));
  const name = rendererBelow((HeadlessGLKernel as { readonly testContext?: unknown }).testContext);
  return Promise.resolve(
    new Device('headlessgl', {
      name: name || 'behind headless-gl',
      kind: kindOf(name),
      largestSide,
      largestBytes: 4 * largestSide ** 2,
    }),
  );
}

/** WebGL's number for the name of what draws. */
const rendererName = 0x1f01;

/** What draws for headless-gl: its context says "ANGLE" whatever that is, and the native part that the context is made of says more. '' where it does not. */
export function rendererBelow(context: unknown): string {
  let asked = (): unknown => '';
  for (let part = prototypeOf(context); part !== null; part = prototypeOf(part)) {
    const value: unknown = Object.getOwnPropertyDescriptor(part, 'getParameter')?.value;
    if (typeof value === 'function') asked = () => (value as (name: number) => unknown).call(context, rendererName);
  }
  try {
    const name = asked();
    return typeof name === 'string' && name !== 'ANGLE' ? name : '';
  } catch {
    return '';
  }
}

const prototypeOf = (value: unknown): object | null =>
  value === null || value === undefined ? null : (Object.getPrototypeOf(value) as object | null);
