import { GPU } from 'gpu.js';
import { Device } from './device.ts';

/** Mesa, ANGLE and the drivers of the last ten years take this. */
const largestSide = 16_384;

/** WebGL in Node, where the user has installed headless-gl. Throws what the user may read where it is missing. */
export function openHeadlessGl(): Promise<Device> {
  if (!GPU.isHeadlessGLSupported)
    return Promise.reject(new Error('The package "gl" is not installed, or has no display to draw to.'));
  return Promise.resolve(
    new Device('headlessgl', {
      // headless-gl does not tell what is behind it.
      name: 'behind headless-gl',
      kind: 'unknown',
      largestSide,
      largestBytes: 4 * largestSide ** 2,
    }),
  );
}
